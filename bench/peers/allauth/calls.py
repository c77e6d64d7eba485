"""What is asked of allauth's headless session, and the rows it needs for that."""

from django.contrib.auth.models import User
from django.test import Client

from bench.served.calls import Call


def make(*, issuer: str) -> dict[str, Call]:
    User.objects.create_user("person", password="a password of the bench")
    client = Client(SERVER_NAME="127.0.0.1")
    answer = client.post(
        "/_allauth/app/v1/auth/login",
        {"username": "person", "password": "a password of the bench"},
        content_type="application/json",
    )
    token = answer.json()["meta"]["session_token"]
    return {"allauth session": Call(path="/_allauth/app/v1/auth/session", headers={"X-Session-Token": token})}
