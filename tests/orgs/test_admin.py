import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys
from fairlead.orgs.models import ApiKey, Membership, Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client, settings: Any) -> Client:
    # How people sign in is the people wing's; here it is enough that one of them is signed in.
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    owner = get_user_model().objects.create(email="owner@example.org", is_staff=True, is_superuser=True)
    client.force_login(owner)
    return client


def act(staff: Client, model: str, action: str, *keys: Any) -> Any:
    return staff.post(
        f"/admin/fairlead_orgs/{model}/", {"action": action, "_selected_action": [str(key) for key in keys]}
    )


def test_a_key_is_shown_once_on_the_answer_to_its_creation(staff: Client, organization: Organization) -> None:
    answer = staff.post("/admin/fairlead_orgs/apikey/add/", {"organization": str(organization.pk), "name": "backend"})
    raw_key = re.findall(r"flk_[A-Za-z0-9_-]{49}", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    key = api_keys.resolve(raw_key, now=timezone.now())
    assert key is not None
    assert key.created_by.email == "owner@example.org"
    assert ApiKey.objects.count() == 1
    for address in (
        "/admin/fairlead_orgs/apikey/",
        f"/admin/fairlead_orgs/apikey/{key.pk}/change/",
        "/admin/fairlead_audit/auditevent/",
    ):
        page = staff.get(address)
        assert page.status_code == 200
        assert raw_key not in page.content.decode()
        assert key.digest not in page.content.decode()


def test_an_existing_key_cannot_be_edited_or_deleted(staff: Client, organization: Organization, raw_key: str) -> None:
    key = ApiKey.objects.get()
    staff.post(
        f"/admin/fairlead_orgs/apikey/{key.pk}/change/", {"organization": str(organization.pk), "name": "changed"}
    )
    staff.post(f"/admin/fairlead_orgs/apikey/{key.pk}/delete/", {"post": "yes"})
    assert ApiKey.objects.get().name == "backend"


def test_a_key_is_revoked_by_action(staff: Client, organization: Organization, raw_key: str) -> None:
    act(staff, "apikey", "revoke", ApiKey.objects.get().pk)
    assert api_keys.resolve(raw_key, now=timezone.now()) is None
    assert AuditEvent.objects.get(event="api_key_revoked").actor_type == "person"


def test_a_key_is_rotated_by_action_and_the_new_one_shown(staff: Client, raw_key: str) -> None:
    answer = act(staff, "apikey", "rotate", ApiKey.objects.get().pk)
    new = re.findall(r"flk_[A-Za-z0-9_-]{49}", answer.content.decode())[0]
    assert api_keys.resolve(new, now=timezone.now())
    assert api_keys.resolve(raw_key, now=timezone.now())


def test_rotating_several_at_once_is_refused(staff: Client, organization: Organization, raw_key: str) -> None:
    api_keys.make(organization, name="second")
    act(staff, "apikey", "rotate", *ApiKey.objects.values_list("pk", flat=True))
    assert ApiKey.objects.count() == 2


def test_an_organization_is_made_with_people_and_disabled_and_all_of_it_is_on_record(staff: Client) -> None:
    owner = get_user_model().objects.get()
    form = {
        "name": "Example", "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
        "memberships-0-address": " Owner@Example.org ", "memberships-0-role": "admin",
    }  # fmt: skip
    assert staff.post("/admin/fairlead_orgs/organization/add/", form).status_code == 302
    organization = Organization.objects.get()
    assert (Membership.objects.get().user, Membership.objects.get().role) == (owner, "admin")
    _, minted = api_keys.make(organization, name="x")
    act(staff, "organization", "disable", organization.pk)
    assert api_keys.resolve(minted.plaintext, now=timezone.now()) is None
    act(staff, "organization", "enable", organization.pk)
    assert api_keys.resolve(minted.plaintext, now=timezone.now())
    recorded = list(AuditEvent.objects.exclude(event="signed_in").order_by("pk").values_list("event", flat=True))
    assert recorded == [
        "organization_created", "membership_changed", "api_key_created", "organization_changed", "organization_changed",
    ]  # fmt: skip


NO_PEOPLE = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


def test_an_organization_has_a_slug_and_keeps_its_former_ones(staff: Client) -> None:
    add = "/admin/fairlead_orgs/organization/add/"
    assert staff.post(add, {"name": "Acme & Co", "slug": "", **NO_PEOPLE}).status_code == 302
    organization = Organization.objects.get(slug="acme-co")
    change = f"/admin/fairlead_orgs/organization/{organization.pk}/change/"
    assert staff.post(change, {"name": "Acme & Co", "slug": "acme", **NO_PEOPLE}).status_code == 302
    assert b"acme-co" in staff.get(change).content
    for slug, why in (
        ("acme", "has, or had"), ("acme-co", "has, or had"), ("admin", "taken by the service"), ("A", "3 to 40"),
    ):  # fmt: skip
        answer = staff.post(add, {"name": "Other", "slug": slug, **NO_PEOPLE})
        assert why in answer.content.decode(), slug
    assert "required" in staff.post(change, {"name": "Acme", "slug": "", **NO_PEOPLE}).content.decode()
    assert Organization.objects.get().slug == "acme"
    event = AuditEvent.objects.filter(event="organization_changed").get()
    assert (event.organization, event.details["slug"]) == (organization.pk, "acme")


def test_an_organization_is_deleted_with_its_keys(staff: Client, organization: Organization, raw_key: str) -> None:
    answer = staff.post(f"/admin/fairlead_orgs/organization/{organization.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not Organization.objects.exists()
    assert api_keys.resolve(raw_key, now=timezone.now()) is None
    assert AuditEvent.objects.filter(event="organization_deleted").exists()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/fairlead_orgs/organization/?q=first",
        "/admin/fairlead_orgs/apikey/?q=backend",
        "/admin/fairlead_orgs/apikey/add/",
    ],
)
def test_the_pages_open(staff: Client, raw_key: str, address: str) -> None:
    assert staff.get(address).status_code == 200


def test_a_key_is_revoked_from_its_page_after_a_question(staff: Client, raw_key: str) -> None:
    at = f"/admin/fairlead_orgs/apikey/{ApiKey.objects.get().pk}/do/revoke/"
    assert "for good" in staff.get(at).content.decode()
    assert api_keys.resolve(raw_key, now=timezone.now())
    assert staff.post(at).status_code == 302
    assert api_keys.resolve(raw_key, now=timezone.now()) is None
    assert staff.post(at).status_code == 403
    assert AuditEvent.objects.get(event="api_key_revoked").actor_type == "person"


def test_the_key_of_a_service_client_is_rotated_with_the_client_alone(
    staff: Client, organization: Organization
) -> None:
    key, _ = api_keys.make(organization, name="worker", of_service=True)
    answer = act(staff, "apikey", "rotate", key.pk)
    assert answer.status_code == 302
    at = f"/admin/fairlead_orgs/apikey/{key.pk}/"
    assert "do/rotate/" not in staff.get(f"{at}change/").content.decode()
    assert staff.post(f"{at}do/rotate/").status_code == 403
    assert list(ApiKey.objects.values_list("pk", flat=True)) == [key.pk]
    assert "do/revoke/" in staff.get(f"{at}change/").content.decode()


def test_a_key_is_rotated_from_its_page_and_the_new_one_shown(staff: Client, raw_key: str) -> None:
    at = f"/admin/fairlead_orgs/apikey/{ApiKey.objects.get().pk}/do/rotate/"
    assert "another hour" in staff.get(at).content.decode()
    assert ApiKey.objects.count() == 1
    answer = staff.post(at)
    new = re.findall(r"flk_[A-Za-z0-9_-]{49}", answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    assert api_keys.resolve(new, now=timezone.now())
    assert api_keys.resolve(raw_key, now=timezone.now())


def test_an_organization_is_disabled_and_enabled_from_its_page(
    staff: Client, organization: Organization, raw_key: str
) -> None:
    page = f"/admin/fairlead_orgs/organization/{organization.pk}"
    assert "refused within 30 seconds" in staff.get(f"{page}/do/disable/").content.decode()
    staff.post(f"{page}/do/disable/")
    assert api_keys.resolve(raw_key, now=timezone.now()) is None
    staff.post(f"{page}/do/enable/")
    assert api_keys.resolve(raw_key, now=timezone.now())


def test_who_may_only_look_is_offered_no_tool(staff: Client, organization: Organization, raw_key: str) -> None:
    looker = get_user_model().objects.create(email="looker@example.org", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_apikey", "view_organization"]))
    staff.force_login(looker)
    for page, tools in (
        (f"/admin/fairlead_orgs/apikey/{ApiKey.objects.get().pk}/", ("revoke", "rotate")),
        (f"/admin/fairlead_orgs/organization/{organization.pk}/", ("disable", "enable")),
    ):
        assert staff.get(f"{page}change/").context["tools"] == []
        assert [staff.post(f"{page}do/{tool}/").status_code for tool in tools] == [403, 403]
    assert api_keys.resolve(raw_key, now=timezone.now())


def members(organization: Organization, *new: str) -> dict[str, str]:
    """The page's form: the rows that there are, and these addresses."""
    rows = list(Membership.objects.filter(organization=organization))
    sent = {"name": organization.name, "slug": organization.slug}
    for nth, row in enumerate(rows):
        sent |= {f"memberships-{nth}-id": str(row.pk), f"memberships-{nth}-role": row.role}
    for nth, address in enumerate(new, start=len(rows)):
        sent |= {f"memberships-{nth}-address": address, f"memberships-{nth}-role": "member"}
    counts = {"memberships-TOTAL_FORMS": str(len(rows) + len(new)), "memberships-INITIAL_FORMS": str(len(rows))}
    return {**sent, **counts}


def test_members_are_added_by_their_address_and_keep_their_row(staff: Client, organization: Organization) -> None:
    at = f"/admin/fairlead_orgs/organization/{organization.pk}/change/"
    person = get_user_model().objects.create(email="person@example.org")
    assert staff.post(at, members(organization, "Person@example.org")).status_code == 302
    assert Membership.objects.get().user == person
    assert 'value="person@example.org"' in staff.get(at).content.decode()
    swapped = {**members(organization), "memberships-0-address": "owner@example.org", "memberships-0-role": "admin"}
    assert staff.post(at, swapped).status_code == 302
    assert (Membership.objects.get().user, Membership.objects.get().role) == (person, "admin")
    assert AuditEvent.objects.filter(event="membership_changed").count() == 2
    assert staff.post(at, {**members(organization), "memberships-0-ended_at": "2026-01-02 03:04:05"}).status_code == 302
    assert str(Membership.objects.get().ended_at) == "2026-01-02 03:04:05+00:00"
    gone = {**members(organization), "memberships-0-DELETE": "on"}
    assert staff.post(at, gone).status_code == 302
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (["nobody@example.org"], "No account has this address"),
        (["no address"], "No account has this address"),
        ([""], "This field is required"),
        (["owner@example.org", "OWNER@example.org"], "stands in the list already"),
    ],
)
def test_an_address_that_cannot_be_a_new_member_is_told_at_its_field(
    staff: Client, organization: Organization, new: list[str], why: str
) -> None:
    at = f"/admin/fairlead_orgs/organization/{organization.pk}/change/"
    sent = members(organization, *new)
    answer = staff.post(at, {**sent, "memberships-0-role": "admin"})
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not Membership.objects.exists()


def test_who_is_a_member_or_was_one_is_not_added_twice(staff: Client, organization: Organization) -> None:
    at = f"/admin/fairlead_orgs/organization/{organization.pk}/change/"
    staff.post(at, members(organization, "owner@example.org"))
    Membership.objects.update(ended_at=timezone.now())
    assert "stands in the list already" in staff.post(at, members(organization, "owner@example.org")).content.decode()
    assert Membership.objects.count() == 1


def test_who_may_only_look_sees_the_members_without_a_fault(staff: Client, organization: Organization) -> None:
    staff.post(
        f"/admin/fairlead_orgs/organization/{organization.pk}/change/", members(organization, "owner@example.org")
    )
    looker = get_user_model().objects.create(email="looker@example.org", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_organization", "view_membership"]))
    staff.force_login(looker)
    assert staff.get(f"/admin/fairlead_orgs/organization/{organization.pk}/change/").status_code == 200
