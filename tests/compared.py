"""Every answer of the API that a test's client gets is compared with the OpenAPI document, and what it took as well."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import FakePayload

from tests import openapi

_OURS = ("/api/", "/app/", "/org/", "/pools/")
_ask = Client.request


@pytest.fixture(autouse=True, scope="session")
def _document_of_the_site_as_it_is_configured() -> None:
    """Before any test changes a setting."""
    openapi.document()


@pytest.fixture(autouse=True)
def _answers_are_those_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "request", _compared)


def _compared(client: Client, **asked: Any) -> Any:
    path, method = asked["PATH_INFO"], asked["REQUEST_METHOD"]
    # A test with other routes has another API there. OPTIONS is the browser's question, not a call.
    if not path.startswith(_OURS) or path in openapi.NOT_THE_API or method == "OPTIONS":
        return _ask(client, **asked)
    if settings.ROOT_URLCONF != "config.urls":
        return _ask(client, **asked)
    sent = asked["wsgi.input"].read() if "wsgi.input" in asked else b""
    if sent:
        asked["wsgi.input"] = FakePayload(sent)
    answer = _ask(client, **asked)
    if answer.status_code == 500 and not client.raise_request_exception:
        return answer  # a fault of ours, which the test made on purpose: no document promises one
    openapi.check("GET" if method == "HEAD" else method, path, answer)
    if answer.status_code < 300 and sent:
        _took(method, path, sent)
    return answer


def _took(method: str, path: str, sent: bytes) -> None:
    """A body that was accepted is one that the document allows."""
    body = (openapi.operation(method, path) or {}).get("requestBody")
    # What no body is wanted for is not looked at: the test client sends an empty form.
    if body is not None and "application/json" in body["content"]:
        openapi.fits(body["content"]["application/json"]["schema"], json.loads(sent))
