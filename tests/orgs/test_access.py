from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairlead.credentials import secrets
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Membership, Organization, Role
from tests.orgs.conftest import bearer, person
from tests.orgs.probe import PersonHeader

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-4000-8000-000000000000"


def same(first: Any, second: Any) -> None:
    """Alike but for the request's id."""
    bodies = [{**answer.json(), "requestId": ""} for answer in (first, second)]
    assert first.status_code == second.status_code
    assert bodies[0] == bodies[1]


def test_a_key_reads_and_writes_for_its_organization(door: Client, organization: Organization, raw_key: str) -> None:
    assert door.get("/org/keys", headers=bearer(raw_key)).json()["results"] == ["backend"]
    answer = door.post("/org/keys", headers=bearer(raw_key))
    assert answer.json() == {"organization": str(organization.pk)}


@pytest.mark.parametrize(
    "header", [None, "", "Basic Zm9vOmJhcg==", "Bearer", "Bearer ", "Token abc", "Bearer eyJhbGciOiJub25lIn0.e30."]
)
def test_no_credential_of_ours_is_401_with_a_challenge(door: Client, header: str | None) -> None:
    answer = door.get("/org/keys", headers={"Authorization": header} if header is not None else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_bad_key_is_401_and_says_nothing_about_why(door: Client, organization: Organization) -> None:
    revoked, plain = api_keys.make(organization, name="old")
    api_keys.revoke(revoked)
    bad = [plain.plaintext, secrets.mint("flk").plaintext, plain.plaintext[:-1], "flk_", "flk_" + "\u00e9"]
    answers = [door.get("/org/keys", headers=bearer(key)) for key in bad]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"api_key_invalid"}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert all("error=" in answer["WWW-Authenticate"] for answer in answers)
    assert all(plain.plaintext not in answer.content.decode() for answer in answers)


def test_a_key_in_the_query_or_the_body_is_not_looked_at(door: Client, raw_key: str) -> None:
    assert door.get(f"/org/keys?access_token={raw_key}").status_code == 401
    assert door.post("/org/keys", {"access_token": raw_key}).status_code == 401


def test_the_scheme_is_read_without_regard_to_case(door: Client, raw_key: str) -> None:
    assert door.get("/org/keys", headers={"Authorization": f"bEARER  {raw_key}"}).status_code == 200


def test_a_key_with_another_organizations_id_is_404_as_with_an_invented_one(
    door: Client, organization: Organization, raw_key: str
) -> None:
    other = organizations.create("Other Organization")
    own = door.get("/org/keys", headers={**bearer(raw_key), "X-Organization-Id": str(organization.pk)})
    assert own.status_code == 200
    theirs = door.get("/org/keys", headers={**bearer(raw_key), "X-Organization-Id": str(other.pk)})
    nobodys = door.get("/org/keys", headers={**bearer(raw_key), "X-Organization-Id": NOBODY})
    assert theirs.status_code == 404
    same(theirs, nobodys)
    same(theirs, door.get("/org/keys", headers={**bearer(raw_key), "X-Organization-Id": "nonsense"}))


@pytest.mark.parametrize(("role", "writes"), [(Role.ADMIN, 200), (Role.MEMBER, 200), (Role.READ_ONLY, 403)])
def test_roles(door: Client, organization: Organization, role: Role, writes: int) -> None:
    someone = person("someone@example.org")
    Membership.objects.create(organization=organization, user=someone, role=role)
    headers = {"X-Person": str(someone.pk)}
    assert door.get("/org/keys", headers=headers).status_code == 200
    answer = door.post("/org/keys", headers=headers)
    assert answer.status_code == writes
    if writes == 403:
        assert answer.json()["code"] == "forbidden"


def test_a_person_of_several_organizations_names_one(door: Client, organization: Organization) -> None:
    someone = person("someone@example.org")
    second = organizations.create("Second Organization", admin=someone)
    Membership.objects.create(organization=organization, user=someone)
    unnamed = door.post("/org/keys", headers={"X-Person": str(someone.pk)})
    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "organization_required")
    for each in (organization, second):
        named = door.post("/org/keys", headers={"X-Person": str(someone.pk), "X-Organization-Id": str(each.pk)})
        assert named.json() == {"organization": str(each.pk)}


def test_the_role_of_one_organization_does_not_count_in_another(door: Client, organization: Organization) -> None:
    someone = person("someone@example.org")
    organizations.create("Second Organization", admin=someone)
    Membership.objects.create(organization=organization, user=someone, role=Role.READ_ONLY)
    headers = {"X-Person": str(someone.pk), "X-Organization-Id": str(organization.pk)}
    assert door.post("/org/keys", headers=headers).status_code == 403


def test_an_organization_of_others_a_disabled_one_and_none_are_the_same_404(
    door: Client, organization: Organization
) -> None:
    someone = person("someone@example.org")
    disabled = organizations.create("Disabled Organization", admin=someone)
    organizations.disable(disabled)
    answers = [
        door.get("/org/keys", headers={"X-Person": str(someone.pk), "X-Organization-Id": named})
        for named in (str(organization.pk), str(disabled.pk), NOBODY, "nonsense", "")
    ]
    assert {answer.status_code for answer in answers} == {404}
    for answer in answers[1:]:
        same(answers[0], answer)


def test_a_removed_member_is_out_at_once(door: Client, organization: Organization) -> None:
    someone = person("someone@example.org")
    Membership.objects.create(organization=organization, user=someone)
    assert door.get("/org/keys", headers={"X-Person": str(someone.pk)}).status_code == 200
    Membership.objects.all().delete()
    assert door.get("/org/keys", headers={"X-Person": str(someone.pk)}).status_code == 404


def test_a_membership_that_ended_opens_nothing(door: Client, organization: Organization) -> None:
    someone = person("someone@example.org")
    member = Membership.objects.create(organization=organization, user=someone)
    assert door.get("/org/keys", headers={"X-Person": str(someone.pk)}).status_code == 200
    Membership.objects.filter(pk=member.pk).update(ended_at=timezone.now())
    for named in ({}, {"X-Organization-Id": str(organization.pk)}):
        assert door.get("/org/keys", headers={"X-Person": str(someone.pk), **named}).status_code == 404


def test_a_key_makes_no_keys_but_a_person_does(door: Client, organization: Organization, raw_key: str) -> None:
    someone = person("someone@example.org")
    Membership.objects.create(organization=organization, user=someone)
    answer = door.post("/org/rotate", headers=bearer(raw_key))
    assert (answer.status_code, answer.json()["code"]) == (403, "key_cannot_make_keys")
    assert door.post("/org/rotate", headers={"X-Person": str(someone.pk)}).status_code == 200


def test_another_tenants_row_is_the_same_404_as_none(door: Client, raw_key: str) -> None:
    theirs, _ = api_keys.make(organizations.create("Other"), name="theirs")
    own = ApiKey.objects.get(name="backend")
    assert door.get(f"/org/keys/{own.pk}", headers=bearer(raw_key)).json() == {"name": "backend"}
    answers = [
        door.get(f"/org/keys/{named}", headers=bearer(raw_key)) for named in (theirs.pk, NOBODY, "nonsense", "%00")
    ]
    assert {answer.status_code for answer in answers} == {404}
    for answer in answers[1:]:
        same(answers[0], answer)


def test_what_wants_a_fresh_sign_in_is_refused_without_one(door: Client, organization: Organization) -> None:
    admin = person("admin@example.org")
    Membership.objects.create(organization=organization, user=admin, role=Role.ADMIN)
    for ago, status in ((0, 200), (4, 200), (6, 403)):
        at = (timezone.now() - timedelta(minutes=ago)).isoformat()
        answer = door.post("/org/mint", headers={"X-Person": str(admin.pk), "X-Signed-In-At": at})
        assert answer.status_code == status
    assert answer.json()["code"] == "fresh_sign_in_required"


def test_nobody_counts_as_fresh_where_the_site_cannot_tell(
    door: Client, organization: Organization, monkeypatch: Any
) -> None:
    admin = person("admin@example.org")
    Membership.objects.create(organization=organization, user=admin, role=Role.ADMIN)
    monkeypatch.delattr(PersonHeader, "authenticated_at")
    answer = door.post("/org/mint", headers={"X-Person": str(admin.pk)})
    assert (answer.status_code, answer.json()["code"]) == (403, "fresh_sign_in_required")
