"""Can they sign in? Each cause has its sentence, and the page of the person shows what the door would do."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts import sign_in_verdict
from accounts.lockouts import Lockout
from accounts.models import User
from accounts.sign_in_verdict import Answer, Facts, LinkedProvider
from fairlead.audit.models import Refusal
from oidc_login.models import Identity, Provider
from tests.accounts.conftest import PASSWORD, Api
from tests.configure import configure

FINE = Facts(status="active", has_password=True)
WORKS, OFF = LinkedProvider(name="Demo", works=True), LinkedProvider(name="Old", works=False)
HERE = Lockout(network="192.0.2.1", until=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC), everybody=False)
NOBODY = replace(FINE, has_password=False)


@pytest.mark.parametrize(
    ("facts", "answer", "codes"),
    [
        (FINE, "yes", {"provider_none"}),
        (replace(FINE, linked=[WORKS]), "yes", set()),
        (replace(FINE, status="suspended"), "no", {"suspended", "provider_none"}),
        (replace(FINE, status="pending"), "no", {"pending", "provider_none"}),
        (NOBODY, "no", {"password_none", "provider_none"}),
        (replace(NOBODY, linked=[WORKS]), "yes", {"password_none"}),
        (replace(NOBODY, linked=[OFF]), "no", {"password_none", "provider_off"}),
        (replace(NOBODY, would_link=["Demo"]), "partly", {"password_none", "provider_none", "would_link"}),
        (replace(FINE, password_kind_accepted=False), "no", {"password_kind", "provider_none"}),
        (replace(FINE, passwords_allowed=False), "no", {"passwords_off", "provider_none"}),
        (replace(FINE, passwords_allowed=False, linked=[WORKS]), "yes", {"passwords_off"}),
        (replace(FINE, lockouts=[HERE]), "partly", {"locked", "provider_none"}),
        (replace(FINE, lockouts=[HERE], linked=[WORKS]), "yes", {"locked"}),
        (replace(FINE, lockouts=[replace(HERE, everybody=True)]), "partly", {"network_locked", "provider_none"}),
        (replace(FINE, verified=False), "yes", {"unverified", "provider_none"}),
        (replace(FINE, domain_allowed=False), "yes", {"domain", "provider_none"}),
    ],
)
def test_each_cause_is_told(facts, answer, codes):
    found = sign_in_verdict.decide(facts)
    assert found.answer == answer
    assert {each.code for each in found.reasons} == codes
    assert all(each.text.endswith(".") for each in found.reasons)
    assert found.sentence.endswith(".")


def test_ways_times_and_names_stand_in_the_sentences():
    found = sign_in_verdict.decide(replace(FINE, linked=[WORKS, OFF], lockouts=[HERE]))
    assert found.sentence == "Yes, in these ways: by password, through Demo."
    text = " ".join(each.text for each in found.reasons)
    assert "192.0.2.1" in text
    assert "2030-01-02 03:04:05 UTC" in text
    assert "Old is linked" in text


@pytest.fixture
def office(db):
    client = Client()
    client.force_login(User.objects.create_superuser("chief@example.org", PASSWORD))
    return client


def shown(office, person):
    answer = office.get(f"/admin/accounts/user/{person.pk}/change/")
    assert answer.status_code == 200
    verdict = answer.context["verdict"]
    page = answer.content.decode()
    assert verdict.sentence in page
    return verdict.answer, {each.code for each in verdict.reasons}, page


def provider(**fields):
    wanted = {"slug": "demo", "name": "Demo", "issuer": "https://id.example.org", "client_id": "client", **fields}
    return Provider.objects.create(**wanted)


@pytest.mark.django_db
def test_the_page_says_what_the_door_would_do(office, person, settings):
    assert shown(office, person)[0] == Answer.YES
    assert Api().login().status_code == 200
    for status, answered in (("suspended", 403), ("pending", 403)):
        User.objects.filter(pk=person.pk).update(status=status, is_active=False)
        assert shown(office, person)[:2] == (Answer.NO, {status, "provider_none"})
        assert Api().login().status_code == answered
    User.objects.filter(pk=person.pk).update(status="active", is_active=True)
    made = provider()
    configure(settings, DISABLE_INTERNAL_AUTH=True, SIGNUP_EMAIL_DOMAINS=["example.com"])
    assert shown(office, person)[:2] == (Answer.PARTLY, {"passwords_off", "provider_none", "would_link", "domain"})
    assert Api().login().status_code == 403
    Identity.objects.create(user=person, issuer=made.issuer, subject="1")
    assert shown(office, person)[:2] == (Answer.YES, {"passwords_off", "domain"})
    Provider.objects.update(enabled=False)
    assert shown(office, person)[:2] == (Answer.YES, {"provider_off", "domain"})  # passwords count again


@pytest.mark.django_db
def test_passwords_that_are_none_or_of_another_kind_are_told(office, person):
    User.objects.filter(pk=person.pk).update(password="whirlpool$salt$0123")
    assert "password_kind" in shown(office, person)[1]
    person.set_unusable_password()
    person.verified_by = ""
    person.save()
    assert {"password_none", "unverified"} <= shown(office, person)[1]


@pytest.mark.django_db
def test_staff_are_never_linked_by_themselves(office, person):
    provider()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    assert "would_link" not in shown(office, person)[1]


@pytest.mark.django_db(transaction=True)
def test_a_lockout_and_the_last_refusals_are_shown_with_links(office, person):
    for _ in range(6):
        Api().login(password="not the password")
    answer, codes, page = shown(office, person)
    assert (answer, codes) == (Answer.PARTLY, {"locked", "provider_none"})
    newest = Refusal.objects.order_by("-at").first()
    assert f"/admin/fairlead_audit/refusal/{newest.pk}/change/" in page
    assert page.count("/admin/fairlead_audit/refusal/") >= 5
    assert f"/admin/accounts/user/{person.pk}/do/unlock/" in page
    other = User.objects.create_user("other@example.org", PASSWORD)
    assert newest.pk not in shown(office, other)[2]
