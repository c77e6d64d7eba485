"""`/org` through the public door, as an administrator calls it."""

from typing import Any

import pytest
from django.test import Client

from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys, errors, organizations, slugs
from fairlead.orgs.models import Organization
from tests.configure import configure
from tests.orgs.signed_in import Member
from tests.tenants import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Member:
    return Member(client, organizations.create("Acme"), "admin@example.org", role="admin")


def test_a_new_organization_is_shown_with_how_its_members_sign_in(admin: Member) -> None:
    answer = admin.call("GET", "/org")
    organization = Organization.objects.get()
    assert answer.json() == {
        "id": str(organization.pk),
        "slug": "acme",
        "name": "Acme",
        "signIn": {
            "enforced": False, "autoJoin": True, "defaultRole": "member", "sessionHours": 24, "guests": False,
            "roleClaim": "", "roles": {},
        },
        "createdAt": organization.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip


def test_name_and_slug_change_with_before_and_after_on_record(admin: Member) -> None:
    answer = admin.call("PATCH", "/org", {"name": "  Acme Group ", "slug": "acme-group"})
    assert (answer.status_code, answer.json()["name"], answer.json()["slug"]) == (200, "Acme Group", "acme-group")
    event = AuditEvent.objects.get(event="organization_changed")
    assert (event.actor_id, event.organization) == (str(admin.person.pk), Organization.objects.get().pk)
    assert event.details == {
        "name": "Acme Group", "name_before": "Acme", "slug": "acme-group", "slug_before": "acme",
    }  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"name": "Acme"}, {"slug": "acme"}])
def test_what_changes_nothing_is_not_on_record(admin: Member, body: Any) -> None:
    assert admin.call("PATCH", "/org", body).status_code == 200
    assert not AuditEvent.objects.filter(event="organization_changed").exists()


def test_a_key_sees_a_new_name_that_another_process_gave(client: Client, admin: Member) -> None:
    raw_key = api_keys.make(admin.organization, name="backend")[1].plaintext
    headers = {"Authorization": f"Bearer {raw_key}"}
    assert client.get("/org", headers=headers).json()["name"] == "Acme"
    Organization.objects.update(name="Acme Group")
    assert client.get("/org", headers=headers).json()["name"] == "Acme Group"


def test_a_slug_that_another_has_or_had_is_taken_and_nothing_changes(admin: Member) -> None:
    other = organizations.create("Other")
    organizations.change(other, given={"slug": "the-others"})
    for slug in ("other", "the-others"):
        refused(admin.call("PATCH", "/org", {"name": "Changed", "slug": slug}), 409, "slug_taken")
    admin.organization.refresh_from_db()
    assert (admin.organization.name, admin.organization.slug) == ("Acme", "acme")


def test_an_old_slug_is_its_own_to_go_back_to(admin: Member) -> None:
    for slug in ("acme-group", "acme", "acme-group"):
        assert admin.call("PATCH", "/org", {"slug": slug}).json()["slug"] == slug


def test_nobody_collects_slugs(admin: Member, settings: Any) -> None:
    configure(settings, RATE_LIMITS=True)
    for number in range(5):
        assert admin.call("PATCH", "/org", {"slug": f"acme-{number}"}).status_code == 200
    refused(admin.call("PATCH", "/org", {"slug": "acme-6"}), 429, "throttled")
    assert admin.call("PATCH", "/org", {"name": "Acme Group"}).status_code == 200


@pytest.mark.parametrize(
    "slug",
    ["ab", "a" * 41, "Acme", "acme_group", "-acme", "acme-", "link", "new", "admin", "default", "123", "xn--acme"],
)
def test_what_is_no_slug_or_reserved_is_400_in_a_sentence_that_is_translated(admin: Member, slug: str) -> None:
    body = refused(admin.call("PATCH", "/org", {"slug": slug}), 400, "invalid_request")
    (sentence,) = body["errors"]["slug"]
    assert sentence in errors.SLUG_SENTENCES or len(slug) == 41


def test_every_sentence_of_slugs_is_marked_for_translation() -> None:
    for given in ("ab", "-acme", "admin"):
        with pytest.raises(slugs.SlugRefused) as refusal:
            slugs.cleaned(given)
        assert str(refusal.value) in errors.SLUG_SENTENCES


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "x" * 101, "Acme\u202egro.live", "Acme\nBcc: you", "See https://evil.test", "WWW.evil.test", "a@b.example",
        "Win a prize at evil.test/now",
    ],
)  # fmt: skip
def test_a_name_that_would_carry_somebody_elses_link_into_our_mails_is_400(admin: Member, name: str) -> None:
    body = refused(admin.call("PATCH", "/org", {"name": name}), 400, "invalid_request")
    assert list(body["errors"]) == ["name"]


@pytest.mark.parametrize("name", ["Acme & Söhne, S.A.", "株式会社アクメ", "A"])
def test_names_of_people_who_write_otherwise_are_names(admin: Member, name: str) -> None:
    assert admin.call("PATCH", "/org", {"name": name}).json()["name"] == name


@pytest.mark.parametrize("body", [{"signIn": {"enforced": True}}, {"id": "x"}, {"name": 1}, {"slug": None}, []])
def test_what_is_not_changed_here_is_400_by_name(admin: Member, body: Any) -> None:
    refused(admin.call("PATCH", "/org", body), 400, "invalid_request")
    admin.organization.refresh_from_db()
    assert (admin.organization.name, admin.organization.enforced) == ("Acme", False)
