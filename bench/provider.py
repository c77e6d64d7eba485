"""A provider on this machine for the sign-in trips, and a browser that makes them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from pytest_httpserver import HTTPServer

from bench.stage import configure
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, ScriptedProvider

_PERSON = {"sub": "subject-1", "email": "person@example.org", "email_verified": True, "name": "Demo Person"}


@contextmanager
def running() -> Iterator[ScriptedProvider]:
    """The environment's provider, with a userinfo endpoint. Its answers are made in another thread."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with HTTPServer(host="127.0.0.1", port=0) as server:
        provider = ScriptedProvider(server, claims=dict(_PERSON), userinfo=dict(_PERSON))
        configure(OIDC_ENABLED=True)
        configure(OIDC_PROVIDER_NAME="Bench")
        configure(OIDC_ISSUER_URL=provider.issuer)
        configure(OIDC_CLIENT_ID=CLIENT_ID)
        configure(OIDC_CLIENT_SECRET=CLIENT_SECRET)
        configure(OIDC_PRIVATE_ORIGINS=(provider.issuer,))
        yield provider


def initiate(browser: Client) -> str:
    """The address at the provider."""
    return _sent_to(browser.get("/api/auth/oidc/initiate"))


def callback(browser: Client, query: dict[str, str]) -> str:
    """The code that the front end exchanges."""
    arrived = parse_qs(urlsplit(_sent_to(browser.get("/api/auth/oidc/callback", query))).query)
    if "code" not in arrived:
        raise RuntimeError(f"The sign-in failed: {arrived}")
    return arrived["code"][0]


def _sent_to(response: object) -> str:
    if response.status_code != 302:
        raise RuntimeError(f"Expected a redirect: {response.status_code} {response.content[:300]!r}")
    return str(response["Location"])
