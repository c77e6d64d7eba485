"""What is asked of drf-oidc-auth, and the rows it needs for that."""

from django.contrib.auth.models import User

from bench.served.calls import SUBJECT, Call


def make(*, issuer: str) -> dict[str, Call]:
    User.objects.create_user(SUBJECT)
    return {"drf-oidc-auth": Call(path="/hello", bearers="tokens")}
