from typing import Any

import jwt
import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone

from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys
from fairlead.orgs.models import ApiKey, Membership, Role
from sdkclients.models import SdkClient
from tests.tenants import NOBODY, Tenant, as_user, refused
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db


class Person:
    """A member's calls."""

    def __init__(self, tenant: Tenant, role: Role = Role.MEMBER) -> None:
        self.tenant = tenant
        self.user = get_user_model().objects.create(email=f"{role.value}@example.org")
        Membership.objects.create(organization=tenant.organization, user=self.user, role=role)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.tenant.call(method, path, body, Authorization="", X_Person=str(self.user.pk))


@pytest.fixture
def person(tenant: Tenant) -> Person:
    return Person(tenant)


def works(raw_key: str) -> bool:
    return api_keys.resolve(raw_key, now=timezone.now()) is not None


def test_the_seed_call_answers_with_the_pool(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    body = {"name": "Web", "description": "The web application", "kind": {"application": {"userPoolId": pool}}}
    answer = tenant.call("POST", "/org/sdkClient", body)
    assert answer.status_code == 201
    client = answer.json()
    assert list(client) == ["id", "name", "description", "organizationId", "auth", "createdAt", "updatedAt"]
    assert client["auth"] == {"type": "userPool", "userPoolId": pool}
    assert (client["name"], client["description"]) == ("Web", "The web application")
    assert tenant.call("GET", f"/org/sdkClient/{client['id']}").json() == client
    assert tenant.call("GET", "/org/sdkClient").json()["results"] == [client]


@pytest.mark.parametrize("kind", ["service", {"service": {}}])
def test_a_service_clients_key_is_shown_once_and_works(person: Person, kind: Any) -> None:
    answer = person.call("POST", "/org/sdkClient", {"name": "Importer", "kind": kind})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    auth = answer.json()["auth"]
    assert list(auth) == ["type", "prefix", "keys", "apiKey"]
    assert auth["apiKey"].startswith(auth["prefix"])
    assert works(auth["apiKey"])
    path = f"/org/sdkClient/{answer.json()['id']}"
    for later in (
        person.call("GET", path),
        person.call("GET", "/org/sdkClient"),
        person.call("PATCH", path, {"name": "x"}),
    ):
        assert auth["apiKey"] not in later.content.decode()
        assert auth["prefix"] in later.content.decode()
    assert auth["apiKey"] not in str(list(AuditEvent.objects.values()))


def test_a_key_makes_no_service_client_and_rotates_none(tenant: Tenant, person: Person) -> None:
    refused(tenant.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}), 403, "key_cannot_make_keys")
    made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
    refused(tenant.call("POST", f"/org/sdkClient/{made['id']}/rotateKey", {}), 403, "key_cannot_make_keys")
    assert ApiKey.objects.count() == 2
    assert works(made["auth"]["apiKey"])


def test_a_service_clients_own_key_makes_none_either(tenant: Tenant, person: Person) -> None:
    made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
    tenant.raw_key = made["auth"]["apiKey"]
    refused(tenant.call("POST", f"/org/sdkClient/{made['id']}/rotateKey", {}), 403, "key_cannot_make_keys")
    assert tenant.call("GET", "/org/userPool").status_code == 200


@pytest.mark.parametrize(
    ("body", "seconds"), [({"overlapSeconds": 60}, 60), ({"overlapSeconds": 0}, 0), ({}, 3600), (None, 3600)]
)
def test_a_rotated_key_leaves_the_old_one_working_for_the_overlap(person: Person, body: Any, seconds: int) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
        answer = person.call("POST", f"/org/sdkClient/{made['id']}/rotateKey", body)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        old, new = made["auth"]["apiKey"], answer.json()["auth"]["apiKey"]
        assert old != new
        assert works(new)
        if seconds:
            clock.shift(seconds - 1)
            assert works(old)
            clock.shift(1)
        assert not works(old)
        assert works(new)


def test_a_rotation_without_overlap_ends_every_earlier_key_and_the_client_lists_those_that_work(
    tenant: Tenant, person: Person
) -> None:
    made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
    address = f"/org/sdkClient/{made['id']}"

    def rotated(seconds: int) -> Any:
        return person.call("POST", f"{address}/rotateKey", {"overlapSeconds": seconds}).json()["auth"]

    def listed() -> list[str]:
        ways = [person.call("GET", address).json(), person.call("GET", "/org/sdkClient").json()["results"][0]]
        first, second = ([key["prefix"] for key in way["auth"]["keys"]] for way in ways)
        assert first == second
        return first

    assert listed() == [made["auth"]["prefix"]]
    second = rotated(7 * 24 * 3600)
    third = rotated(3600)
    assert all(works(auth["apiKey"]) for auth in (made["auth"], second, third))
    assert [key["prefix"] for key in third["keys"]] == listed()
    assert {*listed()} == {auth["prefix"] for auth in (made["auth"], second, third)}
    last = rotated(0)
    assert not any(works(auth["apiKey"]) for auth in (made["auth"], second, third))
    assert works(last["apiKey"])
    assert listed() == [last["prefix"]]
    assert last["keys"][0]["expiresAt"] is None


def test_an_earlier_key_ends_with_the_latest_overlap_at_the_latest(person: Person) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
        address = f"/org/sdkClient/{made['id']}/rotateKey"
        second = person.call("POST", address, {"overlapSeconds": 60}).json()["auth"]
        person.call("POST", address, {"overlapSeconds": 3600})
        clock.shift(61)
        assert not works(made["auth"]["apiKey"])
        assert works(second["apiKey"])


@pytest.mark.parametrize("overlap", [-1, 604_801, "60", 1.5, True, None, [60]])
def test_an_overlap_out_of_bounds_is_400(person: Person, overlap: Any) -> None:
    made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
    answer = person.call("POST", f"/org/sdkClient/{made['id']}/rotateKey", {"overlapSeconds": overlap})
    assert "overlapSeconds" in refused(answer, 400, "invalid_request")["errors"]
    assert works(made["auth"]["apiKey"])


def test_an_application_client_has_no_key_to_rotate(tenant: Tenant, person: Person) -> None:
    client = tenant.application(tenant.pool()["id"])
    refused(person.call("POST", f"/org/sdkClient/{client['id']}/rotateKey", {}), 400, "invalid_request")


def test_a_deleted_service_clients_keys_stop_also_the_one_in_overlap(person: Person) -> None:
    made = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()
    new = person.call("POST", f"/org/sdkClient/{made['id']}/rotateKey", {}).json()["auth"]["apiKey"]
    assert works(made["auth"]["apiKey"])
    assert person.call("DELETE", f"/org/sdkClient/{made['id']}").status_code == 204
    assert not works(made["auth"]["apiKey"])
    assert not works(new)
    assert not SdkClient.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        None, "application", "other", 5, [], {}, {"application": {}}, {"application": {"userPoolId": 5}},
        {"application": {"userPoolId": "nonsense"}}, {"application": None}, {"service": {"x": 1}}, {"service": None},
        {"application": {"userPoolId": NOBODY, "x": 1}}, {"application": {"userPoolId": NOBODY}, "service": {}},
    ],
)  # fmt: skip
def test_a_kind_out_of_shape_is_400(person: Person, kind: Any) -> None:
    answer = person.call("POST", "/org/sdkClient", {"name": "x", "kind": kind})
    assert list(refused(answer, 400, "invalid_request")["errors"]) == ["kind"]
    assert not SdkClient.objects.exists()


def test_kind_and_pool_are_fixed(tenant: Tenant) -> None:
    first, second = tenant.pool()["id"], tenant.pool()["id"]
    path = f"/org/sdkClient/{tenant.application(first)['id']}"
    for body in (
        {"kind": "service"},
        {"kind": {"application": {"userPoolId": second}}},
        {"userPoolId": second},
        {"auth": {}},
    ):
        refused(tenant.call("PATCH", path, body), 400, "invalid_request")
    assert tenant.call("PATCH", path, {"name": "New", "description": "d"}).json()["name"] == "New"
    assert tenant.call("GET", path).json()["auth"]["userPoolId"] == first


def test_a_pool_that_clients_use_is_not_deleted(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    client = tenant.application(pool)
    refused(tenant.call("DELETE", f"/org/userPool/{pool}"), 409, "in_use")
    assert UserPool.objects.exists()
    assert not AuditEvent.objects.filter(event="pool_deleted").exists()
    assert tenant.call("DELETE", f"/org/sdkClient/{client['id']}").status_code == 204
    assert tenant.call("DELETE", f"/org/userPool/{pool}").status_code == 204


def test_a_read_only_member_makes_changes_issues_and_verifies_nothing(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    client = tenant.application(pool)["id"]
    reader = Person(tenant, Role.READ_ONLY)
    assert reader.call("GET", f"/org/sdkClient/{client}").status_code == 200
    for method, path, body in (
        ("POST", "/org/sdkClient", {"name": "x", "kind": "service"}),
        ("PATCH", f"/org/sdkClient/{client}", {"name": "x"}),
        ("DELETE", f"/org/sdkClient/{client}", None),
        ("POST", f"/org/sdkClient/{client}/rotateKey", {}),
        ("POST", "/org/appUserIdToken", {"userPoolId": pool, "appUserId": "u"}),
        ("POST", "/org/appUserIdToken/revoke", {"userPoolId": pool, "appUserId": "u"}),
        ("POST", "/org/verifyToken", {"userPoolId": pool, "token": "x"}),
    ):
        refused(reader.call(method, path, body), 403, "forbidden")


def issue(tenant: Tenant, pool: str, **members: Any) -> Any:
    return tenant.call("POST", "/org/appUserIdToken", {"userPoolId": pool, "appUserId": "user-1", **members})


def claims_of(answer: Any) -> Any:
    assert answer.status_code == 201, answer.content
    assert "no-store" in answer["Cache-Control"]
    return jwt.decode(answer.json()["appUserIdToken"], options={"verify_signature": False})


def test_an_issued_token_carries_the_claims_and_is_accepted(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        now = int(timezone.now().timestamp())
        claims = claims_of(issue(tenant, pool))
        assert claims["iss"] == f"http://testserver/pools/{pool}"
        assert (claims["sub"], claims["aud"], claims["iat"], claims["exp"]) == ("user-1", pool, now, now + 180 * 86400)
        assert "sdkClientId" not in claims
        client = tenant.application(pool)["id"]
        answer = issue(tenant, pool, exp=now + 60)
        assert claims_of(answer)["sdkClientId"] == client
        assert claims_of(answer)["exp"] == now + 60
        assert claims_of(answer)["jti"] != claims["jti"]
        token = answer.json()["appUserIdToken"]
        for named in (None, client):
            assert as_user(tenant.client, token, named).json()["appUserId"] == "user-1"
        tenant.application(pool)
        assert "sdkClientId" not in claims_of(issue(tenant, pool))


@pytest.mark.parametrize("shift", [0, -1, 180 * 86400 + 1])
def test_an_expiry_outside_its_bounds_is_400(tenant: Tenant, shift: int) -> None:
    pool = tenant.pool()["id"]
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        answer = issue(tenant, pool, exp=int(timezone.now().timestamp()) + shift)
        assert list(refused(answer, 400, "invalid_request")["errors"]) == ["exp"]


@pytest.mark.parametrize(
    "members",
    [
        {"exp": "1"},
        {"exp": 1.5},
        {"exp": True},
        {"exp": None},
        {"exp": 10**30},
        {"appUserId": ""},
        {"appUserId": "x" * 256},
        {"appUserId": "a\nb"},
        {"appUserId": 5},
        {"appUserId": None},
        {"userPoolId": None},
        {"userPoolId": 1},
        {"userPoolId": "x"},
        {"claims": {}},
    ],
)
def test_a_request_for_a_token_out_of_shape_is_400(tenant: Tenant, members: Any) -> None:
    refused(issue(tenant, tenant.pool()["id"], **members), 400, "invalid_request")


def test_only_a_hosted_pools_tokens_are_issued_here(tenant: Tenant, keys: Any) -> None:
    refused(issue(tenant, tenant.pool({"jwksUri": keys.jwks_uri})["id"]), 409, "pool_not_hosted")


def test_tokens_are_issued_at_most_600_times_a_minute_and_key(tenant: Tenant) -> None:
    from fairlead.web import rate_limits

    pool = tenant.pool()["id"]
    key = ApiKey.objects.get()
    for _ in range(600):
        rate_limits.hit("appUserIdToken", str(key.pk), "rate_limit_app_user_id_token")
    answer = issue(tenant, pool)
    refused(answer, 429, "throttled")
    assert int(answer["Retry-After"]) >= 1
    other_key = api_keys.make(tenant.organization, name="second")[1].plaintext
    tenant.raw_key = other_key
    assert issue(tenant, pool).status_code == 201


def test_revoking_refuses_what_was_issued_and_nothing_that_is_issued_after(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    with time_machine.travel("2030-01-01T00:00:00.4Z", tick=False):
        old = issue(tenant, pool).json()["appUserIdToken"]
        assert as_user(tenant.client, old).status_code == 200
        answer = tenant.call("POST", "/org/appUserIdToken/revoke", {"userPoolId": pool, "appUserId": "user-1"})
        assert (answer.status_code, answer.content) == (204, b"")
        refused(as_user(tenant.client, old), 401, "revoked")
        new = issue(tenant, pool).json()["appUserIdToken"]
        assert as_user(tenant.client, new).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "x"},
        {"token": "x", "clientId": NOBODY, "userPoolId": NOBODY},
        {"token": 5, "userPoolId": NOBODY},
        {"token": "x", "userPoolId": NOBODY, "explain": "yes"},
        {"token": "x", "userPoolId": NOBODY, "explain": 1},
        {"token": "x", "userPoolId": NOBODY, "explain": None},
    ],
)
def test_a_verification_out_of_shape_is_400(tenant: Tenant, body: Any) -> None:
    refused(tenant.call("POST", "/org/verifyToken", body), 400, "invalid_request")


def test_a_service_client_verifies_nothing(tenant: Tenant, person: Person) -> None:
    service = person.call("POST", "/org/sdkClient", {"name": "x", "kind": "service"}).json()["id"]
    refused(tenant.call("POST", "/org/verifyToken", {"token": "x", "clientId": service}), 404, "not_found")


STEPS = [
    "pool",
    "format",
    "type",
    "algorithm",
    "issuer",
    "audience",
    "times",
    "claims",
    "key",
    "signature",
    "idClaim",
    "user",
    "verdict",
]


def explain(tenant: Tenant, pool: str, token: str) -> Any:
    answer = tenant.call("POST", "/org/verifyToken", {"token": token, "userPoolId": pool, "explain": True})
    assert answer.status_code == 200, answer.content
    assert [step["name"] for step in answer.json()["steps"]] == STEPS
    return answer.json()


def test_explain_gives_every_step_of_a_good_token(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    found = explain(tenant, pool, issue(tenant, pool).json()["appUserIdToken"])
    assert found["active"] is True
    assert {step["outcome"] for step in found["steps"]} == {"ok"}


def test_explain_names_each_fault_and_its_remedy(tenant: Tenant, keys: Any) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": "https://i.example", "audience": "a"})["id"]
    found = explain(tenant, pool, keys.issuer.token(exp=1, aud="b"))
    by_name = {step["name"]: step for step in found["steps"]}
    assert (found["active"], found["code"]) == (False, "wrong_issuer")
    for name, code in (("issuer", "wrong_issuer"), ("audience", "wrong_audience"), ("times", "expired")):
        assert (by_name[name]["outcome"], by_name[name]["code"]) == ("failed", code)
        assert by_name[name]["remedy"]
    assert by_name["signature"]["outcome"] == "ok"
    assert by_name["user"]["outcome"] == "skipped"
    assert by_name["verdict"]["outcome"] == "failed"
    assert not AppUser.objects.exists()


def test_explain_reaches_the_users_own_faults(tenant: Tenant, keys: Any) -> None:
    from userpools import app_users

    pool = tenant.pool({"jwksUri": keys.jwks_uri, "idClaim": "email"})["id"]
    unverified = explain(tenant, pool, keys.issuer.token(email="a@example.org"))
    assert (unverified["code"], unverified["steps"][10]["outcome"]) == ("email_unverified", "failed")
    good = keys.issuer.token(email="a@example.org", email_verified=True)
    assert explain(tenant, pool, good)["active"] is True
    app_users.block(AppUser.objects.get())
    blocked = explain(tenant, pool, good)
    assert (blocked["code"], blocked["steps"][10]["outcome"], blocked["steps"][11]["outcome"]) == (
        "blocked",
        "ok",
        "failed",
    )


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 50_000])
def test_explain_of_what_is_no_token_answers_too(tenant: Tenant, token: str) -> None:
    pool = tenant.pool()["id"]
    if token:
        assert explain(tenant, pool, token)["code"] in ("malformed", "too_large")
