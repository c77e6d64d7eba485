"""An organization and its backend's calls, for the tests of the tenants wing.

Whatever is answered is compared with the OpenAPI document on the way: tests/compared.py.
"""

import json
from typing import Any

from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import Organization
from fairlead.registry import Registry
from fairlead.web import seams

NOBODY = "00000000-0000-4000-8000-000000000000"


def recognise_members(monkeypatch: Any, *kinds: Any) -> None:
    """Members are recognised by these authentication classes and no others, until the end of the test."""
    registry: Registry[Any] = Registry()
    for kind in kinds:
        registry.add(kind.__name__, kind)
    monkeypatch.setattr(seams, "member_authentication", registry)


class Tenant:
    """Holds an API key. `call` sends JSON with it; further headers by name, `X_Client_Id` for X-Client-Id."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.organization: Organization = organizations.create(name)
        self.raw_key = api_keys.make(self.organization, name="backend")[1].plaintext

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = {"Authorization": f"Bearer {self.raw_key}", **named}
        if body is None:
            answer = self.client.generic(method, path, headers=wanted)
        else:
            text = body if isinstance(body, str | bytes) else json.dumps(body)
            answer = self.client.generic(method, path, text, content_type="application/json", headers=wanted)
        return answer

    def made(self, path: str, body: Any) -> Any:
        answer = self.call("POST", path, body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def pool(self, authorization: Any = None, **body: Any) -> Any:
        trusted = {} if authorization is None else {"authorization": authorization}
        return self.made("/org/userPool", {"name": "Customers", **trusted, **body})

    def application(self, pool_id: str) -> Any:
        return self.made("/org/sdkClient", {"name": "Web", "kind": {"application": {"userPoolId": pool_id}}})


def as_user(client: Any, token: str, client_id: str | None = None, path: str = "/app/me") -> Any:
    """The call of an app user."""
    named = {} if client_id is None else {"X-Client-Id": client_id}
    return client.get(path, headers={"Authorization": f"Bearer {token}", **named})


def refused(answer: Any, status: int, code: str) -> Any:
    """Assert status and code; the body."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def alike(first: Any, second: Any) -> None:
    """Assert that two answers differ in nothing but the request's id."""
    bodies = [{**answer.json(), "requestId": ""} for answer in (first, second)]
    assert first.status_code == second.status_code
    assert bodies[0] == bodies[1]
