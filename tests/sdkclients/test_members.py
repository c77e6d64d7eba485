"""Members of an organization, signed in with the access tokens of the people wing as the site is composed."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fairlead.orgs import organizations
from fairlead.orgs.models import Membership, Role
from fairlead.web import seams
from tests.tenants import NOBODY, alike, refused

pytestmark = pytest.mark.django_db
AS_THE_SITE_IS_COMPOSED = seams.member_authentication


@pytest.fixture
def person(monkeypatch: Any, client: Client) -> Any:
    monkeypatch.setattr(seams, "member_authentication", AS_THE_SITE_IS_COMPOSED)
    people = get_user_model().objects
    made = people.create_user("member@example.org", "correct horse battery staple")  # type: ignore[attr-defined]
    answer = client.post(
        "/api/auth/login",
        {"email": "member@example.org", "password": "correct horse battery staple"},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    made.token = answer.json()["access_token"]
    return made


def call(client: Client, method: str, path: str, person: Any, body: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(
        path, body, content_type="application/json", headers={"Authorization": f"Bearer {person.token}", **named}
    )


def test_a_member_makes_pools_and_the_keys_that_keys_cannot_make(client: Client, person: Any) -> None:
    organization = organizations.create("First Organization", admin=person)
    pool = call(client, "post", "/org/userPool", person, {"name": "Hosted"})
    assert (pool.status_code, pool.json()["organizationId"]) == (201, str(organization.pk))
    service = call(client, "post", "/org/sdkClient", person, {"name": "Importer", "kind": "service"})
    assert service.status_code == 201
    key = service.json()["auth"]["apiKey"]
    rotated = call(client, "post", f"/org/sdkClient/{service.json()['id']}/rotateKey", person, {"overlapSeconds": 60})
    assert rotated.json()["auth"]["apiKey"] != key
    for raw_key in (key, rotated.json()["auth"]["apiKey"]):
        assert client.get("/org/userPool", headers={"Authorization": f"Bearer {raw_key}"}).status_code == 200


def test_a_reader_reads(client: Client, person: Any) -> None:
    organization = organizations.create("First Organization")
    Membership.objects.create(organization=organization, user=person, role=Role.READ_ONLY)
    assert call(client, "get", "/org/userPool", person).status_code == 200
    refused(call(client, "post", "/org/userPool", person, {"name": "x"}), 403, "forbidden")


def test_several_organizations_and_those_of_others(client: Client, person: Any) -> None:
    first, second = (organizations.create(name, admin=person) for name in ("First", "Second"))
    theirs = organizations.create("Theirs")
    refused(call(client, "get", "/org/userPool", person), 400, "organization_required")
    for each in (first, second):
        assert call(client, "get", "/org/userPool", person, X_Organization_Id=str(each.pk)).status_code == 200
    alike(
        call(client, "get", "/org/userPool", person, X_Organization_Id=str(theirs.pk)),
        call(client, "get", "/org/userPool", person, X_Organization_Id=NOBODY),
    )


def test_a_person_of_no_organization_a_suspended_one_and_an_altered_token(client: Client, person: Any) -> None:
    refused(call(client, "get", "/org/userPool", person), 404, "not_found")
    organizations.create("First Organization", admin=person)
    assert call(client, "get", "/org/userPool", person).status_code == 200
    good, person.token = person.token, person.token[:-4] + "AAAA"
    refused(call(client, "get", "/org/userPool", person), 401, "bad_signature")
    person.token = good
    # An access token says who a person is here; it is no app user's ID token.
    answer = client.get("/app/me", headers={"Authorization": f"Bearer {good}", "X-Client-Id": NOBODY})
    assert answer.status_code == 401
    refused(client.get("/app/me", headers={"Authorization": f"Bearer {good}"}), 400, "client_required")
