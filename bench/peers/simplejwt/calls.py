"""What is asked of simplejwt, and the rows it needs for that."""

from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import RefreshToken

from bench.served.calls import REFRESH_TOKENS, Call


def make(*, issuer: str) -> dict[str, Call]:
    user = User.objects.create_user("person", password="a password of the bench")
    access = {"Authorization": f"Bearer {RefreshToken.for_user(user).access_token}"}
    return {
        "simplejwt stateless": Call(path="/stateless", headers=access),
        "simplejwt with user": Call(path="/user", headers=access),
        "simplejwt refresh": Call(
            path="/refresh",
            method="POST",
            chained=("refresh", tuple(str(RefreshToken.for_user(user)) for _ in range(REFRESH_TOKENS))),
        ),
        "simplejwt password": Call(
            path="/token", method="POST", body='{"username": "person", "password": "a password of the bench"}'
        ),
    }
