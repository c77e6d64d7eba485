from typing import Any

import pytest
from django.contrib.auth import get_user_model

from fairlead.audit.models import AuditEvent
from fairlead.orgs.models import Membership, Role
from tests.issuer import KeyServer
from tests.tenants import NOBODY, Tenant, alike, refused
from userpools.models import AppUser, PoolSigningKey, UserPool

pytestmark = pytest.mark.django_db


def test_the_seed_call_answers_with_the_same_fields_and_id_claim_sub(tenant: Tenant, keys: KeyServer) -> None:
    body = {"name": "Customers", "description": "All of them", "authorization": {"jwksUri": keys.jwks_uri}}
    answer = tenant.call("POST", "/org/userPool", body)
    assert answer.status_code == 201
    pool = answer.json()
    assert list(pool) == [
        "id", "name", "description", "authorization", "organizationId", "hosted", "warnings", "createdAt", "updatedAt",
    ]  # fmt: skip
    assert (pool["name"], pool["description"], pool["hosted"]) == ("Customers", "All of them", False)
    assert pool["authorization"]["jwksUri"] == keys.jwks_uri
    assert pool["authorization"]["idClaim"] == "sub"
    assert pool["authorization"]["issuer"] is None
    assert pool["authorization"]["audience"] is None
    assert pool["organizationId"] == str(tenant.organization.pk)
    assert {warning["code"] for warning in pool["warnings"]} == {"no_issuer", "no_audience"}
    assert keys.count() == 1
    assert tenant.call("GET", f"/org/userPool/{pool['id']}").json() == pool
    assert tenant.call("GET", "/org/userPool").json() == {"results": [pool], "next": None, "previous": None}


def test_all_members_are_kept_and_audience_is_answered_as_a_list(tenant: Tenant, keys: KeyServer) -> None:
    given = {
        "jwksUri": keys.jwks_uri, "issuer": " an issuer, compared exactly ", "audience": "client-1",
        "algorithms": ["ES256", "ES256"], "idClaim": "uid",
    }  # fmt: skip
    pool = tenant.pool(given)
    assert pool["authorization"] == {**given, "audience": ["client-1"], "algorithms": ["ES256"]}
    assert [warning["code"] for warning in pool["warnings"]] == ["id_claim_may_be_reassigned"]


def test_a_pool_without_authorization_is_hosted(tenant: Tenant) -> None:
    for body in ({}, {"authorization": None}):
        pool = tenant.pool(**body)
        assert (pool["hosted"], pool["authorization"], pool["warnings"]) == (True, None, [])
    assert PoolSigningKey.objects.count() == 2
    assert all("PRIVATE" in key.private_pem for key in PoolSigningKey.objects.all())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x", "description": "x" * 1001}, "description"),
        ({"name": "x", "description": None}, "description"),
        ({"name": "x", "organizationId": NOBODY}, "organizationId"),
        ({"name": "x", "hosted": True}, "hosted"),
        ({"name": "x", "authorization": []}, "authorization"),
        ({"name": "x", "authorization": "https://a.example"}, "authorization"),
        ({"name": "x", "authorization": {}}, "authorization"),
        ({"name": "x", "authorization": {"jwksURI": "https://a.example"}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": 5}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example/" + "k" * 2048}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "issuer": ""}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "audience": []}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "audience": [1]}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "audience": [""]}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "audience": ["a\x00"]}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "algorithms": []}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "algorithms": ["HS256"]}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "algorithms": ["none"]}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "algorithms": "ES256"}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "idClaim": ""}}, "authorization"),
        ({"name": "x", "authorization": {"jwksUri": "https://a.example", "idClaim": 1}}, "authorization"),
        ([], "non_field_errors"),
        ("null", None),
    ],
)
def test_a_body_out_of_shape_is_400_and_makes_nothing(tenant: Tenant, body: Any, field: str | None) -> None:
    problem = refused(tenant.call("POST", "/org/userPool", body), 400, "invalid_request")
    if field:
        assert field in problem["errors"]
    assert not UserPool.objects.exists()


def test_not_json_another_type_and_too_much_are_refused(tenant: Tenant) -> None:
    refused(tenant.call("POST", "/org/userPool", "{"), 400, "invalid_request")
    refused(tenant.call("POST", "/org/userPool", '{"name": "a", "name": "b"}'), 400, "invalid_request")
    refused(tenant.call("POST", "/org/userPool", '{"name": "%s"}' % ("x" * 70_000)), 413, "body_too_large")
    answer = tenant.client.post("/org/userPool", {"name": "x"}, headers={"Authorization": f"Bearer {tenant.raw_key}"})
    refused(answer, 415, "unsupported_media_type")
    refused(tenant.call("PUT", "/org/userPool", {"name": "x"}), 405, "method_not_allowed")


def test_patch_merges_members_and_null_clears_them(tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool(
        {"jwksUri": keys.jwks_uri, "issuer": "a", "audience": ["b"], "idClaim": "uid", "algorithms": ["ES256"]}
    )
    path = f"/org/userPool/{pool['id']}"
    changed = tenant.call("PATCH", path, {"authorization": {"audience": "c"}}).json()
    assert changed["authorization"] == {**pool["authorization"], "audience": ["c"]}
    assert changed["updatedAt"] >= pool["updatedAt"]
    cleared = tenant.call(
        "PATCH", path, {"authorization": {"issuer": None, "audience": None, "idClaim": None, "algorithms": None}}
    )
    assert cleared.json()["authorization"]["issuer"] is None
    assert cleared.json()["authorization"]["audience"] is None
    assert cleared.json()["authorization"]["idClaim"] == "sub"
    assert "RS256" in cleared.json()["authorization"]["algorithms"]
    assert {warning["code"] for warning in cleared.json()["warnings"]} == {"no_issuer", "no_audience"}
    named = tenant.call("PATCH", path, {"name": "New", "description": ""}).json()
    assert (named["name"], named["description"]) == ("New", "")
    problem = refused(tenant.call("PATCH", path, {"authorization": {"jwksUri": None}}), 400, "invalid_request")
    assert problem["errors"] == {"authorization": {"jwksUri": problem["errors"]["authorization"]["jwksUri"]}}
    refused(tenant.call("PATCH", path, {"kind": "hosted"}), 400, "invalid_request")
    refused(tenant.call("PATCH", path, {"name": None}), 400, "invalid_request")


def test_an_empty_patch_changes_nothing(tenant: Tenant) -> None:
    pool = tenant.pool()
    assert tenant.call("PATCH", f"/org/userPool/{pool['id']}", {}).json()["name"] == pool["name"]


def test_hosted_and_self_hosted_do_not_change_into_each_other(tenant: Tenant, keys: KeyServer) -> None:
    hosted, own = tenant.pool(), tenant.pool({"jwksUri": keys.jwks_uri})
    for path, body in (
        (f"/org/userPool/{hosted['id']}", {"authorization": {"jwksUri": keys.jwks_uri}}),
        (f"/org/userPool/{hosted['id']}", {"authorization": {}}),
        (f"/org/userPool/{own['id']}", {"authorization": None}),
    ):
        refused(tenant.call("PATCH", path, {"name": "New", **body}), 409, "pool_kind_fixed")
    assert set(UserPool.objects.values_list("name", flat=True)) == {"Customers"}
    assert tenant.call("PATCH", f"/org/userPool/{hosted['id']}", {"authorization": None}).status_code == 200


def test_a_pool_is_deleted_with_its_users_and_keys(tenant: Tenant) -> None:
    pool = tenant.pool()
    AppUser.objects.create(pool_id=pool["id"], external_id="u")
    answer = tenant.call("DELETE", f"/org/userPool/{pool['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not UserPool.objects.exists()
    assert not AppUser.objects.exists()
    assert not PoolSigningKey.objects.exists()
    refused(tenant.call("GET", f"/org/userPool/{pool['id']}"), 404, "not_found")


def test_each_change_is_on_record_with_its_actor(tenant: Tenant) -> None:
    pool = tenant.pool()
    tenant.call("PATCH", f"/org/userPool/{pool['id']}", {"name": "New"})
    tenant.call("DELETE", f"/org/userPool/{pool['id']}")
    events = AuditEvent.objects.filter(subject_id=pool["id"]).order_by("pk")
    assert [event.event for event in events] == ["pool_created", "pool_changed", "pool_deleted"]
    assert {event.actor_type for event in events} == {"api_key"}
    assert all(event.organization == tenant.organization.pk and event.request_id for event in events)


def test_a_read_only_member_reads_and_changes_nothing(tenant: Tenant) -> None:
    pool = tenant.pool()
    reader = get_user_model().objects.create(email="reader@example.org")
    Membership.objects.create(organization=tenant.organization, user=reader, role=Role.READ_ONLY)
    headers = {"X-Person": str(reader.pk)}
    path = f"/org/userPool/{pool['id']}"
    assert tenant.client.get(path, headers=headers).status_code == 200
    for method, where in (("POST", "/org/userPool"), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/check")):
        answer = tenant.client.generic(method, where, "{}", content_type="application/json", headers=headers)
        refused(answer, 403, "forbidden")


def test_without_a_credential_nothing_is_told(tenant: Tenant) -> None:
    pool = tenant.pool()
    for path in (f"/org/userPool/{pool['id']}", f"/org/userPool/{NOBODY}", "/org/userPool"):
        refused(tenant.client.get(path), 401, "not_authenticated")


def test_another_tenants_pool_is_the_same_404_as_none(tenant: Tenant, other: Tenant) -> None:
    theirs = other.pool()["id"]
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        alike(
            tenant.call(method, f"/org/userPool/{theirs}", body), tenant.call(method, f"/org/userPool/{NOBODY}", body)
        )
    assert UserPool.objects.get().name == "Customers"
    assert tenant.call("GET", "/org/userPool").json()["results"] == []
