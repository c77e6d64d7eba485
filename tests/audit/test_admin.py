"""The record in the admin: an error id leads to its cause by one search, and nobody sees more than they may."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from fairlead.audit import refusals
from fairlead.audit.admin import reading
from fairlead.audit.events import Event, record
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.causes import cause
from fairlead.orgs import organizations

pytestmark = pytest.mark.django_db
REFUSALS = "admin:fairlead_audit_refusal_changelist"
EVENTS = "admin:fairlead_audit_auditevent_changelist"


@pytest.fixture
def staff():
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.org", None), "accounts.backends.PasswordBackend")
    return client


@pytest.fixture
def person():
    return User.objects.create_user("person@example.org", None)


def refuse(rf, **about):
    """Its error id. The row is written when the request has ended."""
    made = refusals.refused(cause("password.wrong"), request=rf.get("/login", REMOTE_ADDR="192.0.2.7"), **about)
    refusals.write_waiting()
    return made


def found(staff, page, term):
    return [each.pk for each in staff.get(reverse(page), {"q": term}).context["cl"].result_list]


def test_a_refusal_is_found_by_everything_that_is_known_of_it(staff, rf, person):
    organization = organizations.create("Shop")
    error_id = refuse(rf, person=person, address="Person@example.org", organization=organization.pk)
    other = refuse(rf, address="somebody@example.org")
    for term in (error_id, str(person.pk), "person@EXAMPLE.org", str(organization.pk)):
        assert found(staff, REFUSALS, term) == [error_id], term
    assert found(staff, REFUSALS, " somebody@example.org ") == [other]
    for term in ("192.0.2.7", "invalid_credentials"):
        assert set(found(staff, REFUSALS, term)) == {error_id, other}
    for term in ("192.0.2.8", "expired", uuid.uuid4().hex, "nobody@example.org", "no word\x01", "@", "7"):
        assert found(staff, REFUSALS, term) == [], term


def test_it_is_told_in_words_with_links_seconds_and_utc(staff, rf, person):
    organization = organizations.create("Shop")
    error_id = refuse(rf, person=person, organization=organization.pk)
    row = Refusal.objects.get()
    of_person = reverse("admin:accounts_user_change", args=[person.pk])
    of_organization = reverse("admin:fairlead_orgs_organization_change", args=[organization.pk])
    for page in (reverse(REFUSALS), reverse("admin:fairlead_audit_refusal_change", args=[error_id])):
        text = staff.get(page).content.decode()
        assert "The password is not the account&#x27;s." in text
        assert f'<a href="{of_person}" title="{person.pk}">' in text
        assert f'<a href="{of_organization}" title="{organization.pk}">Shop</a>' in text
        assert f"{row.at:%Y-%m-%d %H:%M:%S}" in text


def test_a_cause_of_another_release_is_shown_by_its_code(staff, rf):
    refuse(rf)
    Refusal.objects.update(cause="of.before", facts={"x": 1})
    assert "Refused with the code invalid_credentials" in staff.get(reverse(REFUSALS)).content.decode()


def test_an_event_is_found_by_person_address_organization_and_kind(staff, rf, person):
    organization = organizations.create("Shop")
    made = record(Event.EMAIL_VERIFIED, actor=person, subject=person, request=rf.get("/", REMOTE_ADDR="192.0.2.7"))
    for term in (str(person.pk), "person@example.org", "192.0.2.7", made.request_id, "email_verified"):
        assert found(staff, EVENTS, term) == [made.pk], term
    of_it = AuditEvent.objects.get(event="organization_created").pk
    assert found(staff, EVENTS, str(organization.pk)) == [of_it]
    text = staff.get(reverse(EVENTS), {"event": "email_verified"}).content.decode()
    assert f"{made.at:%Y-%m-%d %H:%M:%S}" in text
    assert text.count(f'title="{person.pk}"') == 2


def test_names_of_what_one_may_not_see_stay_ids(rf, person):
    watcher = User.objects.create_user("watcher@example.org", None, is_staff=True)
    watcher.user_permissions.add(Permission.objects.get(codename="view_refusal"))
    client = Client()
    client.force_login(watcher, "accounts.backends.PasswordBackend")
    refuse(rf, person=person)
    text = client.get(reverse(REFUSALS)).content.decode()
    assert "person@example.org" not in text
    assert f"person {person.pk}" in text


def test_a_page_asks_once_for_all_its_names(staff, rf, django_assert_max_num_queries):
    for number in range(12):
        somebody = User.objects.create_user(f"person{number}@example.org", None)
        refuse(rf, person=somebody)
    staff.get(reverse(REFUSALS))
    with django_assert_max_num_queries(12):
        text = staff.get(reverse(REFUSALS)).content.decode()
    assert "person11@example.org" in text


def test_no_list_counts_more_rows_than_it_shows(staff, rf, monkeypatch):
    monkeypatch.setattr(reading, "MOST_SHOWN", 3)
    monkeypatch.setattr(reading.ReadOnly, "list_per_page", 2)
    for number in range(5):
        refuse(rf, address=f"person-{number}@example.org")
    with CaptureQueriesContext(connection) as asked:
        listed = staff.get(reverse(REFUSALS)).context["cl"]
    assert (listed.result_count, listed.paginator.num_pages, len(listed.result_list)) == (3, 2, 2)
    counts = [each["sql"] for each in asked if "COUNT(" in each["sql"] and "refusal" in each["sql"]]
    assert counts
    assert all("LIMIT 3" in sql for sql in counts)


@pytest.mark.parametrize("page", ["refusal", "auditevent"])
def test_nobody_adds_changes_or_deletes(staff, rf, person, page):
    refuse(rf)
    record(Event.SIGNED_IN, actor=person)
    pk = {"refusal": Refusal, "auditevent": AuditEvent}[page].objects.latest("at").pk
    address = reverse(f"admin:fairlead_audit_{page}_change", args=[pk])
    assert staff.get(address).status_code == 200
    for refused in (address, reverse(f"admin:fairlead_audit_{page}_delete", args=[pk])):
        assert staff.post(refused, {"post": "yes"}).status_code == 403
    assert staff.get(reverse(f"admin:fairlead_audit_{page}_add")).status_code == 403
