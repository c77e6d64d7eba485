"""The three doors that take an app user's token: /app/me, /app/authorize and /org/verifyToken."""

from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.utils import timezone

from fairlead import memory
from fairlead.orgs import organizations
from sdkclients.models import SdkClient
from tests.issuer import KeyServer, Signer
from tests.tenants import NOBODY, Tenant, as_user, refused
from userpools import app_users, pools
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db


class Door:
    """A tenant, a pool that trusts `keys`, and a client of it."""

    def __init__(self, tenant: Tenant, keys: KeyServer, **authorization: Any) -> None:
        trusted = {"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1", **authorization}
        self.tenant, self.keys = tenant, keys
        self.pool = tenant.pool({name: value for name, value in trusted.items() if value is not None})
        self.client_id = tenant.application(self.pool["id"])["id"]

    def me(self, token: str) -> Any:
        return as_user(self.tenant.client, token, self.client_id)

    def authorize(self, token: str) -> Any:
        return as_user(self.tenant.client, token, path=f"/app/authorize/{self.client_id}")

    def verify(self, token: str, **members: Any) -> Any:
        return self.tenant.call("POST", "/org/verifyToken", {"token": token, "clientId": self.client_id, **members})

    def patch(self, **authorization: Any) -> None:
        answer = self.tenant.call("PATCH", f"/org/userPool/{self.pool['id']}", {"authorization": authorization})
        assert answer.status_code == 200, answer.content


@pytest.fixture
def door(tenant: Tenant, keys: KeyServer) -> Door:
    return Door(tenant, keys)


def test_a_token_of_the_pools_issuer_is_accepted(door: Door) -> None:
    token = door.keys.issuer.token(sub="person 1/ä", name="Demo Person")
    answer = door.me(token)
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["id", "appUserId", "userPoolId", "sdkClientId", "organizationId", "claims", "expiresAt"]
    user = AppUser.objects.get()
    assert body["id"] == str(user.pk)
    assert body["appUserId"] == "person 1/ä"
    assert body["userPoolId"] == door.pool["id"]
    assert body["sdkClientId"] == door.client_id
    assert body["organizationId"] == str(door.tenant.organization.pk)
    assert body["claims"]["name"] == "Demo Person"
    assert body["expiresAt"].endswith("Z")
    assert answer["Cache-Control"] == "no-store"
    assert door.me(token).json() == body


def test_a_proxy_is_told_who_it_is(door: Door) -> None:
    token = door.keys.issuer.token(sub="person 1/ä\u2028%")
    answer = door.authorize(token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["X-App-User-Id"] == "person%201%2F%C3%A4%E2%80%A8%25"
    assert unquote(answer["X-App-User-Id"]) == "person 1/ä\u2028%"
    assert answer["X-App-User-Uuid"] == str(AppUser.objects.get().pk)
    assert answer["X-User-Pool-Id"] == door.pool["id"]
    assert answer["X-Organization-Id"] == str(door.tenant.organization.pk)


def test_verify_token_answers_what_the_doors_decide(door: Door) -> None:
    good = door.verify(door.keys.issuer.token()).json()
    assert good["active"] is True
    assert list(good) == ["active", "id", "appUserId", "userPoolId", "sdkClientId", "claims", "expiresAt"]
    by_pool = door.tenant.call(
        "POST", "/org/verifyToken", {"token": door.keys.issuer.token(), "userPoolId": door.pool["id"]}
    ).json()
    assert (by_pool["id"], by_pool["sdkClientId"]) == (good["id"], None)
    bad = door.verify(door.keys.issuer.token(aud="another"))
    assert bad.status_code == 200
    assert list(bad.json()) == ["active", "code", "detail"]
    assert (bad.json()["active"], bad.json()["code"]) == (False, "wrong_audience")


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES384", "ES512", "EdDSA"])
def test_the_clean_case_of_each_algorithm(tenant: Tenant, keys: KeyServer, algorithm: str) -> None:
    keys.issuer.signers[:] = [Signer(algorithm, kid="another")]
    door = Door(tenant, keys)
    assert door.me(keys.issuer.token()).status_code == 200


def test_a_token_without_kid_is_accepted_only_where_one_key_fits(tenant: Tenant, keys: KeyServer) -> None:
    door = Door(tenant, keys)
    token = keys.issuer.signer.token(keys.issuer.claims(), kid=None)
    assert door.me(token).status_code == 200


def test_an_expiry_beyond_the_calendar_is_answered_with_its_end(door: Door) -> None:
    body = door.me(door.keys.issuer.token(exp=300_000_000_000)).json()
    assert body["expiresAt"] == "9999-12-31T23:59:59.000Z"


def test_what_the_pool_names_is_required_and_what_it_does_not_is_not(tenant: Tenant, keys: KeyServer) -> None:
    loose = Door(tenant, keys, issuer=None, audience=None)
    assert loose.me(keys.issuer.token(iss="https://any.example", aud=None)).status_code == 200
    strict = Door(tenant, keys)
    refused(strict.me(keys.issuer.token(aud=None)), 401, "missing_claim")
    refused(strict.me(keys.issuer.token(iss=None)), 401, "missing_claim")
    assert strict.me(keys.issuer.token(aud=["x", "client-1"])).status_code == 200
    refused(strict.me(keys.issuer.token(aud=["x", "client-1"], azp="x")), 401, "wrong_audience")
    assert strict.me(keys.issuer.token(aud="client-1", azp="x")).status_code == 200


def test_algorithms_that_the_pool_does_not_list_are_refused(tenant: Tenant, keys: KeyServer) -> None:
    door = Door(tenant, keys, algorithms=["RS256"])
    refused(door.me(keys.issuer.token()), 401, "algorithm_not_allowed")


@pytest.mark.parametrize("named", [NOBODY, "nonsense", "x" * 5000, "%00", "{}"])
def test_an_unknown_client_is_401(door: Door, named: str) -> None:
    refused(as_user(door.tenant.client, door.keys.issuer.token(), named), 401, "unknown_client")
    assert not AppUser.objects.exists()


def test_a_service_client_has_no_users(door: Door) -> None:
    from sdkclients import clients

    service, _ = clients.create_service(door.tenant.organization, name="Importer")
    refused(as_user(door.tenant.client, door.keys.issuer.token(), str(service.pk)), 401, "unknown_client")


def test_the_proxys_client_is_the_one_in_the_path_and_not_in_the_header(door: Door, other: Tenant) -> None:
    theirs = Door(other, door.keys, audience="client-2")
    token = door.keys.issuer.token(aud="client-2")
    answer = door.tenant.client.get(
        f"/app/authorize/{door.client_id}",
        headers={"Authorization": f"Bearer {token}", "X-Client-Id": theirs.client_id},
    )
    refused(answer, 401, "wrong_audience")
    refused(as_user(door.tenant.client, token, path=f"/app/authorize/{NOBODY}"), 401, "unknown_client")


@pytest.mark.parametrize("header", [None, "Basic Zm9vOmJhcg==", "Token x"])
def test_without_a_bearer_token_it_is_401_with_a_challenge(door: Door, header: str | None) -> None:
    headers = {"X-Client-Id": door.client_id, **({"Authorization": header} if header else {})}
    for path in ("/app/me", f"/app/authorize/{door.client_id}"):
        answer = door.tenant.client.get(path, headers=headers)
        refused(answer, 401, "not_authenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_without_a_client_only_a_hosted_pools_token_is_taken(door: Door) -> None:
    refused(as_user(door.tenant.client, door.keys.issuer.token()), 400, "client_required")
    hosted = door.tenant.pool()["id"]
    token = door.tenant.made("/org/appUserIdToken", {"userPoolId": hosted, "appUserId": "u 1"})["appUserIdToken"]
    body = as_user(door.tenant.client, token).json()
    assert (body["userPoolId"], body["sdkClientId"], body["appUserId"]) == (hosted, None, "u 1")


def test_a_forged_token_that_names_a_hosted_pool_is_refused(door: Door) -> None:
    hosted = door.tenant.pool()["id"]
    issuer = f"http://testserver/pools/{hosted}"
    forged = Signer("ES256", kid="key-1").token(door.keys.issuer.claims(iss=issuer, aud=hosted))
    refused(as_user(door.tenant.client, forged), 401, "unknown_key")
    for iss in (f"http://testserver/pools/{NOBODY}", f"http://testserver/pools/{door.pool['id']}"):
        token = door.keys.issuer.token(iss=iss)
        refused(as_user(door.tenant.client, token), 401, "wrong_issuer")
    for iss in (
        "http://testserver/pools/",
        "http://testserver/pools/../x",
        f"http://testserver.evil.example/pools/{hosted}",
        f"https://testserver/pools/{hosted}",
        f"http://testserver/id/pools/{hosted}",
        f"x/pools/{hosted}",
        hosted,
    ):
        refused(as_user(door.tenant.client, door.keys.issuer.token(iss=iss)), 400, "client_required")


def test_a_token_of_one_pool_is_nothing_in_another_also_with_the_same_issuer_and_keys(
    door: Door, other: Tenant
) -> None:
    theirs = Door(other, door.keys, audience="client-2")
    refused(theirs.me(door.keys.issuer.token()), 401, "wrong_audience")
    twin = Door(other, door.keys)
    ours, second = door.me(door.keys.issuer.token()).json(), twin.me(door.keys.issuer.token()).json()
    assert ours["appUserId"] == second["appUserId"]
    assert ours["id"] != second["id"]
    assert ours["userPoolId"] != second["userPoolId"]


def test_a_remembered_token_does_not_count_in_another_pool_of_other_rules(door: Door) -> None:
    token = door.keys.issuer.token()
    assert door.me(token).status_code == 200
    stricter = Door(door.tenant, door.keys, audience="client-2")
    refused(stricter.me(token), 401, "wrong_audience")


def test_a_hosted_pools_token_is_nothing_in_another_hosted_pool(tenant: Tenant, other: Tenant) -> None:
    first, second = tenant.pool()["id"], other.pool()["id"]
    token = tenant.made("/org/appUserIdToken", {"userPoolId": first, "appUserId": "u"})["appUserIdToken"]
    client_of_second = other.application(second)["id"]
    refused(as_user(tenant.client, token, client_of_second), 401, "wrong_issuer")


@pytest.mark.parametrize(
    "members", [{"issuer": "https://new.example"}, {"audience": "new"}, {"algorithms": ["RS256"]}, {"idClaim": "uid"}]
)
def test_a_patch_counts_at_once_here_also_for_a_remembered_token(door: Door, members: Any) -> None:
    token = door.keys.issuer.token()
    assert door.me(token).status_code == 200
    door.patch(**members)
    assert door.me(token).status_code == 401


def test_a_patch_in_another_process_counts_within_ten_seconds(door: Door) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = door.keys.issuer.token(now=timezone.now().timestamp())
        assert door.me(token).status_code == 200
        row = UserPool.objects.get()
        row.audiences = ["new"]
        row.save()
        assert door.me(token).status_code == 200
        clock.shift(10)
        refused(door.me(token), 401, "wrong_audience")


def test_changed_keys_drop_the_remembered_tokens(door: Door) -> None:
    token = door.keys.issuer.token()
    assert door.me(token).status_code == 200
    door.keys.issuer.signers[:] = [Signer("ES256", kid="key-2")]
    with time_machine.travel(timezone.now().timestamp() + 340, tick=False):
        refused(door.me(token), 401, "unknown_key")


def test_a_key_that_was_taken_back_ends_its_remembered_tokens_with_the_next_look_at_the_keys(door: Door) -> None:
    remembered = door.keys.issuer.token()
    assert door.me(remembered).status_code == 200
    door.keys.issuer.signers[:] = [Signer("ES256", kid="key-2")]
    with time_machine.travel(timezone.now().timestamp() + 15, tick=False):
        assert door.me(remembered).status_code == 200
        # Its kid is unknown, so the keys are looked at.
        assert door.me(door.keys.issuer.token()).status_code == 200
        refused(door.me(remembered), 401, "unknown_key")


def test_a_blocked_user_stops_here_at_once_and_elsewhere_within_30_seconds(door: Door) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = door.keys.issuer.token(now=timezone.now().timestamp())
        assert door.me(token).status_code == 200
        user = AppUser.objects.get()
        AppUser.objects.update(blocked_at=timezone.now())
        assert door.me(token).status_code == 200
        clock.shift(30)
        refused(door.me(token), 401, "blocked")
        app_users.unblock(user)
        assert door.me(token).status_code == 200
        app_users.block(user)
        for answer in (door.me(token), door.authorize(token)):
            refused(answer, 401, "blocked")
        assert door.verify(token).json()["code"] == "blocked"


def test_revoked_tokens_of_a_foreign_issuer_are_refused_by_their_time(door: Door) -> None:
    now = int(timezone.now().timestamp())
    old, without_time = door.keys.issuer.token(iat=now - 100), door.keys.issuer.token(iat=None)
    assert door.me(old).status_code == 200
    body = {"userPoolId": door.pool["id"], "appUserId": "person-1"}
    assert door.tenant.call("POST", "/org/appUserIdToken/revoke", body).status_code == 204
    for token in (old, without_time):
        refused(door.me(token), 401, "revoked")
    assert door.me(door.keys.issuer.token(iat=now + 30)).status_code == 200


def test_the_users_of_a_disabled_organization_stop(door: Door) -> None:
    token = door.keys.issuer.token()
    hosted = door.tenant.pool()["id"]
    own = door.tenant.made("/org/appUserIdToken", {"userPoolId": hosted, "appUserId": "u"})["appUserIdToken"]
    assert door.me(token).status_code == 200
    assert as_user(door.tenant.client, own).status_code == 200
    organizations.disable(door.tenant.organization)
    refused(door.me(token), 401, "unknown_client")
    refused(as_user(door.tenant.client, own), 401, "wrong_issuer")
    refused(door.verify(token), 401, "api_key_invalid")


def test_a_deleted_client_stops_at_once(door: Door) -> None:
    token = door.keys.issuer.token()
    assert door.me(token).status_code == 200
    assert door.tenant.call("DELETE", f"/org/sdkClient/{door.client_id}").status_code == 204
    refused(door.me(token), 401, "unknown_client")


def test_keys_that_cannot_be_had_are_503_and_never_401(tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    door = Door(tenant, keys)
    answer = door.me(keys.issuer.token())
    refused(answer, 503, "keys_unavailable")
    assert int(answer["Retry-After"]) >= 1
    refused(door.verify(keys.issuer.token()), 503, "keys_unavailable")
    explained = door.verify(keys.issuer.token(), explain=True)
    refused(explained, 503, "keys_unavailable")
    assert int(explained["Retry-After"]) >= 1
    assert (explained.json()["active"], explained.json()["steps"][-1]["name"]) == (False, "verdict")


def test_a_token_that_the_cheap_checks_refuse_causes_no_fetch(tenant: Tenant, keys: KeyServer) -> None:
    door = Door(tenant, keys)
    UserPool.objects.update(jwks_uri=f"{keys.origin}/never-asked")
    memory.forget_everything()
    asked = len(keys.asked)
    refused(door.me(keys.issuer.token(exp=1)), 401, "expired")
    refused(door.me(keys.issuer.token(aud="x")), 401, "wrong_audience")
    refused(door.me("x.y.z"), 401, "malformed")
    assert len(keys.asked) == asked


def test_an_issuer_without_a_key_address_works_through_discovery(tenant: Tenant, keys: KeyServer) -> None:
    door = Door(tenant, keys, jwksUri=None)
    token = keys.issuer.token()
    assert door.me(token).status_code == 200
    assert door.me(token).status_code == 200
    assert keys.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_known_client_and_user_cost_no_query_and_nothing_known_costs_one(
    door: Door, django_assert_num_queries: Any
) -> None:
    issuer = door.keys.issuer
    assert door.me(issuer.token()).status_code == 200
    with django_assert_num_queries(0):
        assert door.me(issuer.token(jti="new")).status_code == 200
    token = issuer.token()
    door.me(token)
    with django_assert_num_queries(0):
        assert door.me(token).status_code == 200
    memory.forget_everything()
    with django_assert_num_queries(1):
        assert door.me(issuer.token(jti="newer")).status_code == 200


def test_a_user_is_seen_at_most_once_a_day(door: Door) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = door.keys.issuer.token(now=timezone.now().timestamp(), exp=timezone.now().timestamp() + 10**6)
        door.me(token)
        first = AppUser.objects.get().last_seen_at
        clock.shift(86_000)
        memory.forget_everything()
        door.me(token)
        assert AppUser.objects.get().last_seen_at == first
        clock.shift(400)
        door.me(token)
        assert AppUser.objects.get().last_seen_at == timezone.now()


def test_a_prefetched_row_of_an_unverified_subject_is_believed_by_nobody(door: Door) -> None:
    assert door.me(door.keys.issuer.token(sub="victim")).status_code == 200
    memory.forget_everything()
    forged = Signer("ES256", kid="key-1").token(door.keys.issuer.claims(sub="victim"))
    refused(door.me(forged), 401, "bad_signature")
    pool = UserPool.objects.get()
    found = pools.identify(pool, door.keys.issuer.token(sub="person-2"), now=timezone.now())
    assert found.user.external_id == "person-2"
    assert SdkClient.objects.count() == 1
