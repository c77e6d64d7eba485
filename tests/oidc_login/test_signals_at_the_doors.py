"""What a host is told, and when: once, after commit, at the door where it happened; a receiver that fails harms nothing."""

import pytest
from django.db import IntegrityError
from django.db.models.signals import post_save

from accounts.models import User
from fairlead import signals
from fairlead.audit.models import AuditEvent
from oidc_login.models import ExchangeCode, Identity
from tests.oidc_login.scripted import CLIENT_ID, json_answer

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"


@pytest.fixture
def heard():
    """By name of the signal, what a receiver got; before it stands one that raises."""
    got = {}
    connected = []
    for name in ("signed_in", "linked", "unlinked", "refused"):
        signal = getattr(signals, name)

        def broken(sender, **_):
            raise RuntimeError("a receiver's own fault")

        def receiver(sender, name=name, **facts):
            facts.pop("signal")
            got.setdefault(name, []).append(facts)

        for each in (broken, receiver):
            signal.connect(each, weak=False)
            connected.append((signal, each))
    yield got
    for signal, each in connected:
        signal.disconnect(each)


def test_first_sign_in_tells_of_the_link_at_the_callback_and_of_the_sign_in_at_the_exchange(browser, heard):
    code = browser.sign_in()["code"]
    (linked,) = heard.pop("linked")
    assert (linked["user"], linked["issuer"]) == (User.objects.get(), browser.provider.issuer)
    assert heard == {}
    assert browser.exchange(code).status_code == 200
    (signed_in,) = heard.pop("signed_in")
    assert (signed_in["user"], signed_in["provider"]) == (User.objects.get(), "default")
    assert heard == {}


def test_our_own_page_and_the_password_tell_of_a_sign_in_too(browser, heard):
    browser.client.get("/login", {"code": browser.sign_in()["code"]})
    assert [each["provider"] for each in heard.pop("signed_in")] == ["default"]
    User.objects.create_user("ann@example.org", PASSWORD, verified_by="link")
    assert browser.client.post("/login", {"email": "ann@example.org", "password": PASSWORD}).status_code == 302
    assert [each["provider"] for each in heard.pop("signed_in")] == [""]


def test_second_sign_in_tells_of_no_link(browser, heard):
    browser.sign_in()
    heard.clear()
    browser.sign_in(code="second")
    assert heard == {}


def test_what_was_rolled_back_is_not_told(browser, heard):
    """The first round fails at its last write; the second one finds the same, and it is told once."""
    failed = []

    def fail_once(sender, **_):
        if not failed:
            failed.append(1)
            raise IntegrityError("somebody was faster")

    post_save.connect(fail_once, sender=ExchangeCode)
    try:
        assert "code" in browser.sign_in()
    finally:
        post_save.disconnect(fail_once, sender=ExchangeCode)
    assert failed
    assert len(heard["linked"]) == 1


def test_sign_in_that_is_rolled_back_is_not_told(browser, heard):
    code = browser.sign_in()["code"]
    heard.clear()

    def fail(sender, instance, **_):
        if instance.event == "signed_in":
            raise RuntimeError("the record cannot be written")

    post_save.connect(fail, sender=AuditEvent)
    try:
        with pytest.raises(RuntimeError, match="the record"):
            browser.exchange(code)
    finally:
        post_save.disconnect(fail, sender=AuditEvent)
    assert heard == {}


def test_unlinking_tells_at_the_api_and_on_the_page(browser, heard):
    user = User.objects.create_user("person@example.org", PASSWORD, verified_by="link")
    token = browser.exchange(browser.sign_in()["code"]).json()["access_token"]
    browser.client.get("/login", {"code": browser.sign_in(code="page")["code"]})
    heard.clear()
    headers = {"Authorization": f"Bearer {token}"}
    gone = browser.client.delete(f"/api/auth/identities/{Identity.objects.get().pk}", headers=headers)
    assert gone.status_code == 204
    (unlinked,) = heard.pop("unlinked")
    assert (unlinked["user"], unlinked["issuer"]) == (user, browser.provider.issuer)
    other = Identity.objects.create(user=user, issuer="https://other.example.org", subject="s")
    browser.client.post(f"/account/providers/{other.pk}/unlink")
    assert [each["issuer"] for each in heard.pop("unlinked")] == ["https://other.example.org"]
    assert heard == {}


def test_unlinking_the_last_way_in_tells_of_nothing_unlinked(browser, heard):
    token = browser.exchange(browser.sign_in()["code"]).json()["access_token"]
    heard.clear()
    headers = {"Authorization": f"Bearer {token}"}
    answer = browser.client.delete(f"/api/auth/identities/{Identity.objects.get().pk}", headers=headers)
    assert answer.status_code == 409
    assert "unlinked" not in heard
    assert [each["cause"].id for each in heard["refused"]] == ["identities.last_way_in"]


def test_refusal_is_told_at_the_callback(browser, heard):
    User.objects.create_user("person@example.org", PASSWORD, verified_by="link", status="suspended")
    assert browser.sign_in()["error"] == "account_suspended"
    (refused,) = heard.pop("refused")
    assert refused["cause"].id == "account.suspended"
    assert refused["request"].path == "/api/auth/oidc/callback"
    assert heard == {}


def test_refusal_is_told_at_the_exchange_the_link_and_the_mobile_exchange(browser, heard):
    assert browser.exchange("flc_unknown").status_code == 400
    assert browser.link("fll_unknown", PASSWORD).status_code == 400
    browser.provider.extra_metadata = {"introspection_endpoint": f"{browser.provider.issuer}/introspect"}
    browser.provider.answers["introspect"] = lambda request: json_answer(
        {"active": True, "client_id": f"not-{CLIENT_ID}"}
    )
    body = {"access_token": "opaque"}
    response = browser.client.post("/api/auth/oidc/exchange/mobile", body, content_type="application/json")
    assert response.status_code == 401
    told = [each["cause"].id for each in heard.pop("refused")]
    assert told == ["exchange_code.unknown", "link_code.unknown", "access_token.another_client"]
    assert heard == {}
