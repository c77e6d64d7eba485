"""A provider that follows a script, and a browser at our door."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_httpserver import HTTPServer

from tests.configure import configure
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, ScriptedProvider


@pytest.fixture
def provider(settings: Any, db: None) -> Iterator[ScriptedProvider]:
    """The environment's provider, followed to the letter by a test's script."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        scripted = ScriptedProvider(server)
        scripted.claims = {
            "sub": "subject-1",
            "email": "person@example.org",
            "email_verified": True,
            "name": "Person One",
        }
        configure(
            settings,
            OIDC_ENABLED=True,
            OIDC_PROVIDER_NAME="Scripted",
            OIDC_ISSUER_URL=scripted.issuer,
            OIDC_CLIENT_ID=CLIENT_ID,
            OIDC_CLIENT_SECRET=CLIENT_SECRET,
            OIDC_PRIVATE_ORIGINS=(scripted.issuer,),
            RATE_LIMITS=False,
        )
        yield scripted


@dataclass
class Browser:
    """Somebody's browser: follows a trip one step at a time."""

    client: Client
    provider: ScriptedProvider

    def initiate(self, **query: str) -> str:
        """Begin, and return the address at the provider."""
        response = self.client.get("/api/auth/oidc/initiate", query)
        assert response.status_code == 302, response.content
        return response["Location"]

    def callback(self, query: dict[str, str]) -> dict[str, str]:
        """Come back, and return what /login is handed."""
        return arrived(self.client.get("/api/auth/oidc/callback", query))

    def sign_in(self, *, code: str = "the-code", **query: str) -> dict[str, str]:
        return self.callback(self.provider.authorize(self.initiate(**query), code))

    def exchange(self, code: str, **more: str) -> HttpResponse:
        body = {"code": code, **more}
        return self.client.post("/api/auth/oidc/exchange", body, content_type="application/json")

    def link(self, link_code: str, password: str, **more: str) -> HttpResponse:
        body = {"link_code": link_code, "password": password, **more}
        return self.client.post("/api/auth/oidc/link", body, content_type="application/json")


def arrived(response: HttpResponse) -> dict[str, str]:
    assert response.status_code == 302, response.content
    parts = urlsplit(response["Location"])
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "testserver", "/login")
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


@pytest.fixture
def browser(provider: ScriptedProvider) -> Browser:
    return Browser(Client(), provider)


@pytest.fixture
def other_browser(provider: ScriptedProvider) -> Browser:
    return Browser(Client(), provider)
