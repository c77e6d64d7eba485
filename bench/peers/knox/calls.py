"""What is asked of knox, and the rows it needs for that."""

from django.contrib.auth.models import User
from knox.models import AuthToken

from bench.served.calls import Call


def make(*, issuer: str) -> dict[str, Call]:
    _, token = AuthToken.objects.create(User.objects.create_user("person"))
    return {"knox": Call(path="/hello", headers={"Authorization": f"Token {token}"})}
