"""The examples of docs/user-pools.md for proxies that ask, run as they stand there but for addresses, and attacked."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml

from tests.hosts.page import block
from tests.issuer import KeyServer, Signer
from tests.live.proxies import replaced, running_application, running_caddy, running_nginx, told
from tests.live.tenants import Backend
from tests.ports import free_port
from tests.servers import Server, StartServer

PAGE = "docs/user-pools.md"
IDENTITY = ("X-App-User-Id", "X-App-User-Uuid", "X-User-Pool-Id", "X-Organization-Id")
# Everything that an application may read as one of them: WSGI, CGI and PHP write `-` as `_`.
SPELLINGS = [
    name[0] + "".join(itertools.chain.from_iterable(zip(between, name[1:], strict=True)))
    for name in (each.split("-") for each in IDENTITY)
    for between in itertools.product("-_", repeat=len(name) - 1)
]


def test_traefiks_example_takes_each_spelling_away_and_nothing_else() -> None:
    """Traefik removes what the expression matches from the request, then copies what it matches from our answer."""
    (middleware,) = yaml.safe_load(block(PAGE, "forwardAuth"))["http"]["middlewares"].values()
    taken = re.compile(middleware["forwardAuth"]["authResponseHeadersRegex"])
    for name in SPELLINGS:
        # Go writes the names that it reads so: X_app_user_id.
        assert taken.search(name.title()), name
        assert taken.search("-".join(part.capitalize() for part in name.split("-"))), name
    for name in ("Authorization", "X-App-User-Idle", "Cookie", "X-Forwarded-For", "X-Request-Id"):
        assert not taken.search(name), name


@pytest.fixture
def application() -> Iterator[str]:
    with running_application() as address:
        yield address


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    with KeyServer(Signer("ES256")) as server:
        yield server


@pytest.fixture
def server(start_server: StartServer, keys: KeyServer) -> Server:
    return start_server(POOL_PRIVATE_ORIGINS=keys.origin)


@pytest.fixture
def first(server: Server) -> Backend:
    return Backend(server, "First Organization")


@pytest.fixture(params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, server: Server, first: Backend, keys: KeyServer, application: str, tmp_path: Path
) -> Iterator[str]:
    port = free_port()
    addresses = {
        "https://login.example.org": server.url,
        "login.example.org": server.url.removeprefix("http://"),
        "application.internal:3000": application,
        "SDK_CLIENT_ID": first.client_of(keys.jwks_uri, audience="client-1"),
    }
    if request.param == "nginx":
        text = replaced(block(PAGE, "auth_request"), {"listen 8080": f"listen 127.0.0.1:{port}", **addresses})
        running = running_nginx(text, tmp_path, port)
    else:
        text = replaced(
            block(PAGE, "forward_auth"), {"application.example.org": f"http://127.0.0.1:{port}", **addresses}
        )
        running = running_caddy(text, tmp_path, port)
    with running:
        yield f"http://127.0.0.1:{port}"


def ask(proxy: str, token: str | None, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        named["Authorization"] = f"Bearer {token}"
    return requests.get(f"{proxy}/orders?page=1", headers=named, timeout=20)


@pytest.mark.servers
def test_the_application_is_told_who_calls(proxy: str, first: Backend, keys: KeyServer) -> None:
    answer = ask(proxy, keys.issuer.token(sub="person ä/1"))
    assert answer.status_code == 200
    seen = told(answer)
    assert seen["x-app-user-id"] == ["person%20%C3%A4%2F1"]
    assert seen["x-organization-id"] == [first.organization_id]
    assert all(len(seen[name.lower()]) == 1 for name in IDENTITY)


@pytest.mark.servers
def test_forged_identity_headers_are_replaced_in_every_spelling(proxy: str, first: Backend, keys: KeyServer) -> None:
    """As they are, in small and in capital letters; whoever is let in is told once who that is."""
    for name in (spelt for each in SPELLINGS for spelt in (each, each.lower(), each.upper())):
        headers = {name: "forged", "Authorization": f"Bearer {keys.issuer.token()}"}
        answer = requests.get(proxy, headers=headers, timeout=20)
        assert answer.status_code == 200
        assert "forged" not in answer.text, name
        assert told(answer)["x-app-user-id"] == ["person-1"]
        assert all(len(told(answer)[each.lower()]) == 1 for each in IDENTITY)


@pytest.mark.servers
def test_nobody_has_the_identity_taken_away_again(proxy: str, keys: KeyServer) -> None:
    """A proxy drops what `Connection` names: an application might take a call without the header for its own."""
    for named in IDENTITY:
        headers = {"Connection": f"close, {named}", "Authorization": f"Bearer {keys.issuer.token()}"}
        answer = requests.get(proxy, headers=headers, timeout=20)
        assert answer.status_code == 400 or set(map(str.lower, IDENTITY)) <= told(answer).keys()


@pytest.mark.servers
def test_forged_headers_without_a_good_token_are_refused(proxy: str, keys: KeyServer) -> None:
    for token in (None, "", "x.y.z", keys.issuer.token(aud="another"), keys.issuer.token(exp=1)):
        answer = ask(proxy, token, X_App_User_Id="person-1", X_App_User_Uuid="x")
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers


@pytest.mark.servers
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


@pytest.mark.servers
def test_the_location_that_asks_is_not_open_to_callers(proxy: str, keys: KeyServer) -> None:
    headers = {"Authorization": f"Bearer {keys.issuer.token()}"}
    answer = requests.get(f"{proxy}/_fairlead", headers=headers, timeout=20)
    # With nginx it is a location of its own; with Caddy an address of the application as any other.
    assert answer.status_code == 404 or told(answer)["x-app-user-id"] == ["person-1"]


@pytest.mark.servers
def test_a_body_and_another_method_do_not_confuse_the_question(proxy: str, keys: KeyServer) -> None:
    headers = {"Authorization": f"Bearer {keys.issuer.token()}"}
    assert requests.post(f"{proxy}/orders", data="x" * 5000, headers=headers, timeout=20).status_code == 200
    assert requests.post(f"{proxy}/orders", data="x" * 5000, timeout=20).status_code == 401
