"""An organization's backend and its users, at the real server over HTTP."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import requests

from tests.servers import Server


class Backend:
    """An organization made by the commands, and its calls with the printed key."""

    def __init__(self, server: Server, name: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.server, self.headers = server, headers
        self.organization_id = server.manage("create_organization", name).strip()
        self.raw_key = server.manage("create_api_key", self.organization_id, "--name", "backend").strip()

    def call(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.raw_key}", **self.headers}
        answer = requests.request(method, self.server.url + path, json=body, headers=headers, timeout=30)
        assert status is None or answer.status_code == status, answer.text
        return answer

    def client_of(self, jwks_uri: str, **authorization: Any) -> str:
        """A new pool that trusts this key set, and the id of a new client of it."""
        body = {"name": "Customers", "authorization": {"jwksUri": jwks_uri, **authorization}}
        pool = self.call("POST", "/org/userPool", body, 201).json()
        kind = {"application": {"userPoolId": pool["id"]}}
        return str(self.call("POST", "/org/sdkClient", {"name": "Web", "kind": kind}, 201).json()["id"])


def me(server: Server, token: str, client_id: str, session: requests.Session | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "X-Client-Id": client_id}
    return (session or requests).get(f"{server.url}/app/me", headers=headers, timeout=30)


def code(answer: Any) -> str:
    """`ok`, or the code of the refusal."""
    return "ok" if answer.status_code == 200 else str(answer.json()["code"])
