"""Organizations at the real server with two workers: rotation, outages, floods, as their users would meet them."""

import secrets
import time
from collections import Counter
from typing import Any

import jwt
import pytest
import requests

from tests.issuer import KeyServer, Signer
from tests.live.tenants import Backend, code, me
from tests.providers import relying_party
from tests.providers.started import Provider
from tests.servers import Server, StartServer

pytestmark = pytest.mark.servers
ACCOUNT = "person@example.org"


def served(start_server: StartServer, *origins: str) -> Server:
    return start_server(POOL_PRIVATE_ORIGINS=",".join(origins), WEB_CONCURRENCY="2")


def jwks_uri(provider: Provider) -> str:
    return str(relying_party.metadata(provider)["jwks_uri"])


def many(server: Server, token: str, client_id: str, times: int) -> Counter[str]:
    """Each call on a connection of its own, so that both workers answer some."""
    return Counter(code(me(server, token, client_id)) for _ in range(times))


def test_tokens_of_a_real_provider_go_through_its_rotation(start_server: StartServer, provider: Provider) -> None:
    server = served(start_server, provider.origin)
    backend = Backend(server, "First Organization")
    client_id = backend.client_of(jwks_uri(provider), issuer=provider.issuer, audience=provider.organization_id)
    old = relying_party.id_token_of_organization(provider, ACCOUNT)
    assert many(server, old, client_id, 20) == {"ok": 20}
    provider.rotate_keys(remove_old=True)
    new = relying_party.id_token_of_organization(provider, ACCOUNT)
    provider.forget_counts()
    began, seen = time.monotonic(), Counter[str]()
    last: dict[str, Counter[str]] = {}
    while time.monotonic() - began < 40:
        last = {"old": many(server, old, client_id, 15), "new": many(server, new, client_id, 15)}
        seen += last["old"] + last["new"]
        if last["new"] == {"ok": 15} and last["old"] == {"unknown_key": 15}:
            break
    elapsed = time.monotonic() - began
    assert last == {"old": {"unknown_key": 15}, "new": {"ok": 15}}
    # Nothing but these two answers was ever given, and the provider was asked at most once per cooldown.
    assert set(seen) <= {"ok", "unknown_key"}
    assert elapsed < 25
    assert provider.counts().get("keys", 0) <= 1 + elapsed / 10


def test_a_new_key_works_on_its_first_use(start_server: StartServer) -> None:
    with KeyServer(Signer("ES256", kid="one")) as keys:
        server = served(start_server, keys.origin)
        client_id = Backend(server, "First Organization").client_of(keys.jwks_uri)
        assert many(server, keys.issuer.token(), client_id, 10) == {"ok": 10}
        time.sleep(10)  # the cooldown that began with the first fetch
        keys.issuer.signers.insert(0, Signer("ES256", kid="two"))
        assert code(me(server, keys.issuer.token(), client_id)) == "ok"


def test_an_outage_and_a_restart_leave_known_keys_working(start_server: StartServer, provider: Provider) -> None:
    server = served(start_server, provider.origin)
    client_id = Backend(server, "First Organization").client_of(jwks_uri(provider))
    token = relying_party.id_token_of_organization(provider, ACCOUNT)
    assert many(server, token, client_id, 6) == {"ok": 6}
    provider.stop()
    # As if the keys had been fetched half an hour ago: fresh no more.
    server.python(
        "from datetime import timedelta; from django.utils import timezone; from fairlead.idtokens.models import RemoteDocument\n"
        "past = timezone.now() - timedelta(minutes=30)\n"
        "RemoteDocument.objects.update(fetched_at=past, fresh_until=past, next_fetch_at=past)"
    )
    server.restart()
    assert many(server, token, client_id, 40) == {"ok": 40}
    assert "serve on" in server.log
    assert token not in server.log


@pytest.mark.alone
def test_a_thousand_tokens_with_invented_kids_cost_one_fetch_per_cooldown(start_server: StartServer) -> None:
    with KeyServer(Signer("RS256")) as keys:
        server = served(start_server, keys.origin)
        client_id = Backend(server, "First Organization").client_of(keys.jwks_uri)
        good = keys.issuer.token()
        assert many(server, good, client_id, 6) == {"ok": 6}
        before, began = keys.count(), time.monotonic()
        stranger, waits, answers = Signer("RS256", name="stranger"), [], Counter[str]()
        session = requests.Session()
        for number in range(1000):
            forged = stranger.token(keys.issuer.claims(), kid=secrets.token_hex(8))
            answers[code(me(server, forged, client_id, session))] += 1
            if number % 20 == 0:
                asked = time.monotonic()
                assert code(me(server, good, client_id)) == "ok"
                waits.append(time.monotonic() - asked)
        elapsed = time.monotonic() - began
        assert answers == {"unknown_key": 1000}
        assert keys.count() - before <= 1 + elapsed / 10
        assert max(waits) < 1


def test_an_unreachable_issuer_with_unknown_keys_is_503_and_mends_itself(start_server: StartServer) -> None:
    with KeyServer(Signer("ES256")) as keys:
        keys.status = 503
        server = served(start_server, keys.origin)
        client_id = Backend(server, "First Organization").client_of(keys.jwks_uri)
        answer = me(server, keys.issuer.token(), client_id)
        assert (answer.status_code, answer.json()["code"]) == (503, "keys_unavailable")
        assert 1 <= int(answer.headers["Retry-After"]) <= 10
        keys.status = 200
        ends = time.monotonic() + 25
        while code(me(server, keys.issuer.token(), client_id)) != "ok":
            assert time.monotonic() < ends
            time.sleep(0.5)


def test_changes_hold_in_both_workers_within_their_time(start_server: StartServer) -> None:
    with KeyServer(Signer("ES256")) as keys:
        server = served(start_server, keys.origin)
        backend = Backend(server, "First Organization")
        client_id = backend.client_of(keys.jwks_uri, audience="client-1")
        pool_id = backend.call("GET", f"/org/sdkClient/{client_id}", status=200).json()["auth"]["userPoolId"]
        token = keys.issuer.token()
        assert many(server, token, client_id, 12) == {"ok": 12}
        backend.call("PATCH", f"/org/userPool/{pool_id}", {"authorization": {"audience": "another"}}, 200)
        within(10, server, token, client_id, "wrong_audience")
        backend.call("PATCH", f"/org/userPool/{pool_id}", {"authorization": {"audience": "client-1"}}, 200)
        within(10, server, token, client_id, "ok")
        backend.call("POST", "/org/appUserIdToken/revoke", {"userPoolId": pool_id, "appUserId": "person-1"}, 204)
        within(30, server, token, client_id, "revoked")


def within(seconds: float, server: Server, token: str, client_id: str, wanted: str) -> None:
    """Assert that both workers give this answer before the time is over, and keep giving it."""
    time.sleep(seconds)
    assert many(server, token, client_id, 16) == {wanted: 16}


def patient(server: Server, token: str, client_id: str) -> Any:
    """As a client does: more first calls than may wait for one fetch are told when to come again."""
    answer = me(server, token, client_id)
    if answer.status_code == 503:
        assert code(answer) == "keys_unavailable"
        time.sleep(int(answer.headers["Retry-After"]))
        answer = me(server, token, client_id)
    return answer


def test_fifty_first_calls_of_one_user_make_one_row(start_server: StartServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with KeyServer(Signer("ES256")) as keys:
        server = served(start_server, keys.origin)
        client_id = Backend(server, "First Organization").client_of(keys.jwks_uri)
        for round_number in range(3):
            tokens = [keys.issuer.token(sub=f"newcomer-{round_number}", jti=str(number)) for number in range(50)]
            with ThreadPoolExecutor(25) as pool:
                answers = list(pool.map(lambda token: patient(server, token, client_id), tokens))
            assert Counter(map(code, answers)) == {"ok": 50}
            assert len({answer.json()["id"] for answer in answers}) == 1
        count = server.python("from userpools.models import AppUser; print(AppUser.objects.count())")
        assert count == "3"


def test_hosted_keys_rotate_while_tokens_are_issued_and_used(start_server: StartServer) -> None:
    server = served(start_server)
    backend = Backend(server, "First Organization")
    pool_id = backend.call("POST", "/org/userPool", {"name": "Hosted"}, 201).json()["id"]
    body = {"name": "Web", "kind": {"application": {"userPoolId": pool_id}}}
    client_id = backend.call("POST", "/org/sdkClient", body, 201).json()["id"]

    def issued() -> str:
        asked = {"userPoolId": pool_id, "appUserId": "user-1"}
        return str(backend.call("POST", "/org/appUserIdToken", asked, 201).json()["appUserIdToken"])

    old = issued()
    server.manage("rotate_pool_keys", "--lead-seconds", "310")
    # As if the lead had passed.
    server.python(
        "from datetime import timedelta; from django.db.models import F; from userpools.models import PoolSigningKey\n"
        "PoolSigningKey.objects.update(signs_from=F('signs_from') - timedelta(seconds=311))"
    )
    ends, new = time.monotonic() + 30, issued()
    while kid_of(new) == kid_of(old):
        assert time.monotonic() < ends
        new = issued()
        assert code(me(server, new, client_id)) == "ok"
        time.sleep(0.5)
    for _ in range(10):
        assert many(server, issued(), client_id, 4) == {"ok": 4}
        assert code(me(server, old, client_id)) == "ok"
    published = requests.get(f"{server.url}/pools/{pool_id}/.well-known/jwks.json", timeout=20).json()
    assert {key["kid"] for key in published["keys"]} == {kid_of(old), kid_of(new)}


def kid_of(token: str) -> Any:
    return jwt.get_unverified_header(token)["kid"]


def test_no_key_or_token_is_in_the_log(start_server: StartServer) -> None:
    with KeyServer(Signer("ES256")) as keys:
        server = served(start_server, keys.origin)
        backend = Backend(server, "First Organization")
        client_id = backend.client_of(keys.jwks_uri, audience="client-1")
        good, bad = keys.issuer.token(), keys.issuer.token(aud="x")
        for token in (good, bad, good[:-2]):
            me(server, token, client_id)
            backend.call("POST", "/org/verifyToken", {"token": token, "clientId": client_id, "explain": True}, 200)
        requests.get(f"{server.url}/org/userPool", headers={"Authorization": f"Bearer {backend.raw_key}x"}, timeout=20)
        assert "refused" in server.log
        for secret in (backend.raw_key, good, bad, good.split(".")[2], bad.split(".")[2]):
            assert secret not in server.log
