"""deploy/nginx.conf and deploy/Caddyfile in front of the real server, as they stand but for addresses, and attacked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.accounts.pictures import noise
from tests.issuer import KeyServer, Signer
from tests.live.proxies import running_application, told
from tests.live.shipped_proxies import PROXIES, Place
from tests.live.tenants import Backend
from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers
PASSWORD = "correct horse battery"
IDENTITY = ("X-App-User-Id", "X-App-User-Uuid", "X-User-Pool-Id", "X-Organization-Id")
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X_Forwarded_For": "203.0.113.9",
    "X-Forwarded-Proto": "gopher",
    "X_Forwarded_Proto": "gopher",
    "X-Forwarded-Host": "evil.example.net",
    "Forwarded": "for=203.0.113.9;host=evil.example.net",
}


@pytest.fixture(params=PROXIES)
def before_the_application(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """What the service would be sent is what this application says it was."""
    place = Place(tmp_path)
    with (
        running_application() as application,
        PROXIES[request.param](place, upstream=application, application=application, client_id="unused"),
    ):
        yield place


@contextmanager
def before_the_service(kind: str, start_server: StartServer, keys: KeyServer, folder: Path) -> Iterator[Place]:
    place = Place(folder)
    server: Server = start_server(APP_URL=place.site, TRUSTED_PROXIES="1", POOL_PRIVATE_ORIGINS=keys.origin)
    # The service itself speaks http, to proxies: a backend's calls come as such a proxy passes them on.
    backend = Backend(server, "First Organization", {"X-Forwarded-Proto": "https", "Host": place.site[8:]})
    server.python(
        "from accounts.models import User\n"
        f"User.objects.create_user('p@example.org', {PASSWORD!r}, name='Person', verified_by='link')"
    )
    client_id = backend.client_of(keys.jwks_uri, audience="client-1")
    upstream = server.url.removeprefix("http://")
    with (
        running_application() as application,
        PROXIES[kind](place, upstream=upstream, application=application, client_id=client_id),
    ):
        yield place


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    with KeyServer(Signer("ES256")) as server:
        yield server


@pytest.mark.parametrize("kind", PROXIES)
def test_the_service_and_an_application_behind_it(
    kind: str, start_server: StartServer, keys: KeyServer, tmp_path: Path
) -> None:
    with before_the_service(kind, start_server, keys, tmp_path) as place:
        page = place.get(f"{place.site}/login")
        assert page.status_code == 200
        assert "Strict-Transport-Security" in page.headers
        assert place.get(f"{place.site}/login", headers=FORGED).status_code == 200
        assert place.get(f"{place.site}/readyz").json()["status"] == "ok"
        assert place.get(f"{place.site}/metrics").status_code == 404
        token = place.get(f"{place.site}/api/auth/me", headers={"Authorization": f"Bearer {'x' * 20_000}"})
        assert token.status_code == 401
        assert "X-Request-Id" in token.headers
        assert uploaded(place, noise((1270, 1280))) == 200
        assert refused(place, 7 * 1024 * 1024)

        good = {"Authorization": f"Bearer {keys.issuer.token()}"}
        forged = {name: "forged" for each in IDENTITY for name in (each, each.replace("-", "_"), each.lower())}
        answer = place.get(f"{place.application}/orders", headers={**FORGED, **forged, **good})
        assert answer.status_code == 200, answer.text
        assert "forged" not in answer.text
        assert told(answer)["x-app-user-id"] == ["person-1"]
        assert all(len(told(answer)[name.lower()]) == 1 for name in IDENTITY)
        for name in IDENTITY:
            answer = place.get(place.application, headers={"Connection": f"close, {name}", **good})
            assert answer.status_code == 400 or set(map(str.lower, IDENTITY)) <= told(answer).keys()
        assert place.get(place.application, headers=forged).status_code == 401


def uploaded(place: Place, raw: bytes) -> int:
    """Nearly 5 MiB: the status when somebody who is signed in sends it."""
    assert 4_800_000 < len(raw) < 5 * 1024 * 1024
    signed_in = place.call(
        "POST", f"{place.site}/api/auth/login", json={"email": "p@example.org", "password": PASSWORD}
    )
    token = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    files = {"image": ("picture.png", raw, "image/png")}
    return place.call("POST", f"{place.site}/api/auth/profile/image", headers=token, files=files).status_code


def refused(place: Place, size: int) -> bool:
    try:
        # By whichever of the two says so first: a proxy that is still sending may call us a bad gateway.
        return place.call("POST", f"{place.site}/api/auth/profile/image", data=b"x" * size).status_code >= 400
    except requests.ConnectionError:
        # Hung up on while it was still sending.
        return True


def test_what_a_caller_says_about_itself_ends_at_the_proxy(before_the_application: Place) -> None:
    seen = told(before_the_application.get(f"{before_the_application.site}/login", headers=FORGED))
    assert seen["x-forwarded-for"] == ["127.0.0.1"]
    assert seen["x-forwarded-proto"] == ["https"]
    assert "evil.example.net" not in str(seen)
    assert "203.0.113.9" not in str(seen)
    assert seen["host"][0].startswith("localhost")
