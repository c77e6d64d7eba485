"""A person's linked providers in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Session, User
from fairlead.audit.events import Event, record
from fairlead.audit.models import AuditEvent
from oidc_login.models import Identity, Provider

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def admin():
    User.objects.create_superuser("admin@example.org", PASSWORD)
    client = Client()
    client.post("/login", {"email": "admin@example.org", "password": PASSWORD})
    return client


@pytest.fixture
def identity():
    Provider.objects.create(slug="acme", name="Acme", issuer="https://op.example.org", client_id="c")
    user = User.objects.create_user("person@example.org", None)
    return Identity.objects.create(user=user, issuer="https://op.example.org", subject="subject-1")


def test_person_is_found_by_subject_and_shown_with_the_ways_in(admin, identity):
    page = admin.get(reverse("admin:accounts_user_changelist"), {"q": "subject-1"}).content.decode()
    assert "person@example.org" in page
    assert '<td class="field-signs_in_by">Acme</td>' in page


def test_administrator_unlinks_a_provider_and_it_is_on_record(admin, identity):
    address = reverse("admin:accounts_user_change", args=[identity.user.pk])
    form = {
        "email": identity.user.email,
        "email_verified": "on",
        "name": "",
        "session-TOTAL_FORMS": "0",
        "session-INITIAL_FORMS": "0",
        "identity-TOTAL_FORMS": "1",
        "identity-INITIAL_FORMS": "1",
        "identity-0-id": str(identity.pk),
        "identity-0-user": str(identity.user.pk),
        "identity-0-DELETE": "on",
    }
    assert "subject-1" in admin.get(address).content.decode()
    response = admin.post(address, form)
    assert response.status_code == 302, response.content.decode()
    assert not Identity.objects.exists()
    event = AuditEvent.objects.get(event="identity_unlinked")
    assert event.subject_id == str(identity.user.pk)
    assert event.actor_id == str(Session.objects.get().user_id)


def test_events_of_a_person_are_one_click_away(admin, identity):
    record(Event.SIGNED_IN, actor=identity.user, subject=identity.user)
    page = admin.get(reverse("admin:accounts_user_change", args=[identity.user.pk])).content.decode()
    address = f"{reverse('admin:fairlead_audit_auditevent_changelist')}?q={identity.user.pk}"
    assert f'href="{address}"' in page
    listed = admin.get(address)
    assert [each.actor_id for each in listed.context["cl"].result_list] == [str(identity.user.pk)]
