"""`/org/apiKey` through the public door: made by administrators, shown once, rotated and revoked."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairlead import memory
from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Membership
from fairlead.web.models import OutgoingMail
from tests.orgs.signed_in import Member, person
from tests.tenants import NOBODY, alike, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Member:
    return Member(client, organizations.create("Acme"), "admin@example.org", role="admin")


def made(admin: Member, **body: Any) -> Any:
    answer = admin.call("POST", "/org/apiKey", {"name": "backend", **body})
    assert answer.status_code == 201, answer.content
    return answer.json()


def works(raw_key: str) -> bool:
    memory.forget_everything()
    return Client().get("/org", headers={"Authorization": f"Bearer {raw_key}"}).status_code == 200


def test_a_key_is_shown_once_and_works(admin: Member) -> None:
    key = made(admin)
    row = ApiKey.objects.get()
    assert key == {
        "id": str(row.pk), "name": "backend", "prefix": row.prefix, "createdBy": str(admin.person.pk),
        "createdAt": row.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "expiresAt": None,
        "lastUsedAt": None, "state": "working", "apiKey": key["apiKey"],
    }  # fmt: skip
    assert key["apiKey"].startswith(row.prefix)
    assert works(key["apiKey"])
    listed = admin.call("GET", "/org/apiKey")
    assert key["apiKey"] not in listed.content.decode()
    assert [each["id"] for each in listed.json()["results"]] == [key["id"]]
    assert AuditEvent.objects.filter(event="api_key_created", actor_id=str(admin.person.pk)).count() == 1


def test_all_administrators_are_mailed_and_the_key_is_not_in_it(admin: Member) -> None:
    Membership.objects.create(organization=admin.organization, user=person("second@example.org"), role="admin")
    Membership.objects.create(organization=admin.organization, user=person("member@example.org"), role="member")
    key = made(admin)
    rotated = admin.call("POST", f"/org/apiKey/{key['id']}/rotate", {}).json()
    mails = [
        json.loads(row.message or "") for row in OutgoingMail.objects.filter(kind="key_made").order_by("created_at")
    ]
    assert sorted(each["to"] for each in mails) == ["admin@example.org"] * 2 + ["second@example.org"] * 2
    assert all(new["prefix"] in each["body"] for new, each in zip([key] * 2 + [rotated] * 2, mails, strict=True))
    assert not any(new["apiKey"] in each["body"] for new in (key, rotated) for each in mails)


def test_a_key_ends_when_it_says(admin: Member) -> None:
    key = made(admin, expiresAt=(timezone.now() + timedelta(hours=1)).isoformat())
    assert works(key["apiKey"])
    ApiKey.objects.update(expires_at=timezone.now())
    assert not works(key["apiKey"])
    assert admin.call("GET", "/org/apiKey").json()["results"][0]["state"] == "expired"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": ""}, {"name": "x" * 101}, {"name": "x", "expiresAt": "2020-01-01T00:00:00Z"},
        {"name": "x", "expiresAt": "soon"}, {"name": "x", "prefix": "flk_"}, {"name": "x", "expiresAt": 5},
    ],
)  # fmt: skip
def test_what_is_no_key_is_400(admin: Member, body: Any) -> None:
    refused(admin.call("POST", "/org/apiKey", body), 400, "invalid_request")
    assert not ApiKey.objects.exists()


def test_a_rotated_key_works_until_the_overlap_ends(admin: Member) -> None:
    key = made(admin)
    answer = admin.call("POST", f"/org/apiKey/{key['id']}/rotate", {"overlapSeconds": 60})
    new = answer.json()
    assert (answer.status_code, new["name"], new["id"] == key["id"]) == (200, "backend", False)
    assert works(key["apiKey"])
    assert works(new["apiKey"])
    ApiKey.objects.filter(pk=key["id"]).update(expires_at=timezone.now())
    assert not works(key["apiKey"])
    assert works(new["apiKey"])


def test_without_overlap_the_key_before_ends_at_once(admin: Member) -> None:
    key = made(admin)
    new = admin.call("POST", f"/org/apiKey/{key['id']}/rotate", {"overlapSeconds": 0}).json()
    assert not works(key["apiKey"])
    assert works(new["apiKey"])


@pytest.mark.parametrize("seconds", [-1, 7 * 86400 + 1, "60", 1.5])
def test_an_overlap_is_bounded(admin: Member, seconds: Any) -> None:
    key = made(admin)
    body = {"overlapSeconds": seconds}
    refused(admin.call("POST", f"/org/apiKey/{key['id']}/rotate", body), 400, "invalid_request")
    assert ApiKey.objects.count() == 1


def test_a_revoked_key_is_dead_and_has_no_successor(admin: Member) -> None:
    key = made(admin)
    for _ in range(2):
        assert admin.call("DELETE", f"/org/apiKey/{key['id']}").status_code == 204
    assert not works(key["apiKey"])
    assert AuditEvent.objects.filter(event="api_key_revoked").count() == 1
    assert admin.call("GET", "/org/apiKey").json()["results"][0]["state"] == "revoked"
    refused(admin.call("POST", f"/org/apiKey/{key['id']}/rotate", {}), 400, "invalid_request")
    assert ApiKey.objects.count() == 1


def test_the_keys_of_service_clients_are_made_with_their_clients(admin: Member) -> None:
    client = admin.call("POST", "/org/sdkClient", {"name": "Importer", "kind": "service"}).json()
    admin.call("POST", f"/org/sdkClient/{client['id']}/rotateKey", {})
    assert admin.call("GET", "/org/apiKey").json()["results"] == []
    for row in ApiKey.objects.all():
        refused(admin.call("DELETE", f"/org/apiKey/{row.pk}"), 404, "not_found")
        refused(admin.call("POST", f"/org/apiKey/{row.pk}/rotate", {}), 404, "not_found")
    assert ApiKey.objects.filter(of_service=True, revoked_at=None).count() == 2


def test_a_key_makes_lists_and_ends_no_keys_not_even_itself(client: Client, admin: Member) -> None:
    key = made(admin)
    headers = {"Authorization": f"Bearer {key['apiKey']}"}
    for method, path in (
        ("GET", "/org/apiKey"),
        ("POST", "/org/apiKey"),
        ("POST", f"/org/apiKey/{key['id']}/rotate"),
        ("DELETE", f"/org/apiKey/{key['id']}"),
    ):
        refused(client.generic(method, path, headers=headers), 403, "key_cannot_make_keys")
    assert ApiKey.objects.count() == 1
    assert works(key["apiKey"])


def test_keys_of_others_are_no_keys(admin: Member) -> None:
    theirs, _ = api_keys.make(organizations.create("Other"), name="theirs")
    for method, end, body in (("DELETE", "", None), ("POST", "/rotate", {})):
        alike(
            admin.call(method, f"/org/apiKey/{theirs.pk}{end}", body),
            admin.call(method, f"/org/apiKey/{NOBODY}{end}", body),
        )
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
