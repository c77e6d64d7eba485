"""Fixtures of the accounts tests: a person, and an API client that speaks JSON."""

import pytest
from django.test import Client

from accounts.models import User
from tests.configure import configure

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _few_tries(settings):
    """Smaller limits than the defaults, which stand in docs/http-api.md: the same rules in fewer tries."""
    configure(
        settings,
        RATE_LIMIT_LOGIN=["5/60", "20/3600"],
        RATE_LIMIT_LOGIN_PER_NETWORK=["50/60", "200/3600"],
        RATE_LIMIT_REFRESH="60/60",
    )


@pytest.fixture
def person(db):
    return User.objects.create_user("Person@Example.org", PASSWORD, name="Demo Person", verified_by="link")


class Api:
    """JSON in, response out; the access token of the last sign-in rides along where asked."""

    def __init__(self):
        self.client = Client()
        self.access_token = ""

    def call(self, method, path, body=None, *, token=None, **headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        content = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(self.client, method)(f"/api/auth/{path}", **content, headers=headers)

    def post(self, path, body=None, **more):
        return self.call("post", path, body, **more)

    def get(self, path, **more):
        return self.call("get", path, **more)

    def login(self, email="person@example.org", password=PASSWORD):
        return self.post("login", {"email": email, "password": password})


@pytest.fixture
def api(db):
    return Api()


def refused(response, status, code):
    """Assert a problem details answer and hand its body back."""
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert body["status"] == status
    assert body["requestId"] == response.headers["X-Request-Id"]
    return body
