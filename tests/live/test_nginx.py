"""The nginx example of docs/user-pools.md, run as it stands there but for its addresses, and attacked."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.issuer import KeyServer, Signer
from tests.live.tenants import Backend
from tests.ports import free_port
from tests.processes import ROOT, Child
from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers
IDENTITY = ("X-App-User-Id", "X-App-User-Uuid", "X-User-Pool-Id", "X-Organization-Id")


class _Application(BaseHTTPRequestHandler):
    """Says what it was told. It believes the proxy."""

    def do_GET(self) -> None:
        body = json.dumps([[name, value] for name, value in self.headers.items()]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def application() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    with KeyServer(Signer("ES256")) as server:
        yield server


@pytest.fixture
def server(start_server: StartServer, keys: KeyServer) -> Server:
    return start_server(POOL_PRIVATE_ORIGINS=keys.origin)


def example(server: Server, application: str, client_id: str, port: int) -> str:
    (block,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "user-pools.md").read_text(), re.DOTALL)
    for written, meant in {
        "listen 8080": f"listen 127.0.0.1:{port}",
        "https://login.example.org": server.url,
        "login.example.org": server.url.removeprefix("http://"),
        "application.internal:3000": application,
        "SDK_CLIENT_ID": client_id,
    }.items():
        assert written in block, written
        block = block.replace(written, meant)
    return block


@pytest.fixture
def first(server: Server) -> Backend:
    return Backend(server, "First Organization")


@pytest.fixture
def proxy(server: Server, first: Backend, keys: KeyServer, application: str, tmp_path: Path) -> Iterator[str]:
    client_id = first.client_of(keys.jwks_uri, audience="client-1")
    port = free_port()
    (tmp_path / "temporary").mkdir()
    places = " ".join(
        f"{name}_temp_path {tmp_path}/temporary/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"user root; daemon off; pid {tmp_path}/nginx.pid; error_log stderr warn; worker_processes 1;\n"
        f"events {{ worker_connections 64; }}\n"
        f"http {{ access_log off; {places}\n{example(server, application, client_id, port)}\n}}\n"
    )
    child = Child(
        ["/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        environment={}, log=tmp_path / "nginx.log",
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            assert child.alive(), (tmp_path / "nginx.log").read_text()
            try:
                requests.get(address, timeout=5)
                break
            except requests.ConnectionError:
                continue
        yield address
    finally:
        child.stop()


def ask(proxy: str, token: str | None, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        named["Authorization"] = f"Bearer {token}"
    return requests.get(f"{proxy}/orders?page=1", headers=named, timeout=20)


def told(answer: requests.Response) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in answer.json():
        found.setdefault(name.lower().replace("_", "-"), []).append(value)
    return found


def test_the_application_is_told_who_calls(proxy: str, first: Backend, keys: KeyServer) -> None:
    answer = ask(proxy, keys.issuer.token(sub="person ä/1"))
    assert answer.status_code == 200
    seen = told(answer)
    assert seen["x-app-user-id"] == ["person%20%C3%A4%2F1"]
    assert seen["x-organization-id"] == [first.organization_id]
    assert all(len(seen[name.lower()]) == 1 for name in IDENTITY)


def test_forged_identity_headers_are_replaced_in_every_spelling(proxy: str, first: Backend, keys: KeyServer) -> None:
    forged = {
        **dict.fromkeys(IDENTITY, "forged"),
        "X_App_User_Id": "forged", "x-app_user-id": "forged", "X_ORGANIZATION_ID": "forged",
    }  # fmt: skip
    headers = {**forged, "Authorization": f"Bearer {keys.issuer.token()}"}
    answer = requests.get(proxy, headers=headers, timeout=20)
    assert answer.status_code == 200
    assert "forged" not in str({name: told(answer)[name.lower()] for name in IDENTITY})
    assert told(answer)["x-app-user-id"] == ["person-1"]


def test_forged_headers_without_a_good_token_are_refused(proxy: str, keys: KeyServer) -> None:
    for token in (None, "", "x.y.z", keys.issuer.token(aud="another"), keys.issuer.token(exp=1)):
        answer = ask(proxy, token, X_App_User_Id="person-1", X_App_User_Uuid="x")
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers


def test_a_second_tenants_valid_token_with_its_own_client_id_is_refused(
    proxy: str, server: Server, keys: KeyServer
) -> None:
    second = Backend(server, "Second Organization")
    client_id = second.client_of(keys.jwks_uri, audience="client-2")
    token = keys.issuer.token(aud="client-2")
    own = requests.get(
        f"{server.url}/app/me", headers={"Authorization": f"Bearer {token}", "X-Client-Id": client_id}, timeout=20
    )
    assert own.status_code == 200
    assert ask(proxy, token, X_Client_Id=client_id).status_code == 401
    assert ask(proxy, token, X_Client_Id=client_id, X_App_User_Id="person-1").status_code == 401


def test_the_location_that_asks_is_not_open_to_callers(proxy: str, keys: KeyServer) -> None:
    headers = {"Authorization": f"Bearer {keys.issuer.token()}"}
    assert requests.get(f"{proxy}/_fairlead", headers=headers, timeout=20).status_code == 404


def test_a_body_and_another_method_do_not_confuse_the_question(proxy: str, keys: KeyServer) -> None:
    headers = {"Authorization": f"Bearer {keys.issuer.token()}"}
    assert requests.post(f"{proxy}/orders", data="x" * 5000, headers=headers, timeout=20).status_code == 200
    assert requests.post(f"{proxy}/orders", data="x" * 5000, timeout=20).status_code == 401
