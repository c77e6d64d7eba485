"""A provider's person meets an account that is here already: every branch, through the public doors."""

import json

import pytest
import time_machine
from django.test import Client

from accounts.models import RefreshToken, Session, SignInPolicy, User
from accounts.people import People
from oidc_login.models import Identity, PendingLink
from tests.configure import configure

PASSWORD = "a long enough password"


def local(**fields):
    return User.objects.create_user("Person@Example.org", PASSWORD, **{"verified_by": "link", **fields})


def log_in(password=PASSWORD):
    body = {"email": "person@example.org", "password": password}
    return Client().post("/api/auth/login", body, content_type="application/json")


def refresh(token):
    return Client().post("/api/auth/refresh", {"refresh_token": token}, content_type="application/json")


def test_verified_address_links_by_itself_and_the_password_goes_on_working(browser):
    user = local(name="Kept", name_source="person")
    body = browser.exchange(browser.sign_in()["code"]).json()
    assert (body["user"]["id"], body["user"]["name"], body["notices"]) == (str(user.pk), "Kept", [])
    assert log_in().status_code == 200
    assert Identity.objects.get().user == user


def test_account_that_never_proved_its_address_keeps_nothing_of_the_stranger(browser):
    user = local(verified_by="", name="Stranger", name_source="person")
    stranger = log_in().json()
    Identity.objects.create(user=user, issuer="https://stranger.example", subject="s")
    body = browser.exchange(browser.sign_in()["code"]).json()
    assert body["user"]["id"] == str(user.pk)
    assert body["notices"] == ["password_removed"]
    assert (body["user"]["name"], body["user"]["hasPassword"], body["user"]["emailVerified"]) == (
        "Person One",
        False,
        True,
    )
    assert log_in().status_code == 401
    assert refresh(stranger["refresh_token"]).status_code == 401
    assert (
        Client().get("/api/auth/me", headers={"Authorization": f"Bearer {stranger['access_token']}"}).status_code == 401
    )
    assert [each.issuer for each in Identity.objects.all()] == [browser.provider.issuer]
    assert RefreshToken.objects.filter(session__ended_at=None).count() == 1


def test_removed_password_is_told_on_the_page_too(browser):
    local(verified_by="")
    ending = browser.sign_in(redirect="/account")
    page = browser.client.get("/login", {"code": ending["code"]}, follow=True).content.decode()
    assert "password that this account had was removed" in page


def test_second_subject_with_the_same_address_is_refused(browser):
    browser.sign_in()
    browser.provider.claims["sub"] = "subject-2"
    assert browser.sign_in(code="second")["error"] == "email_already_linked"
    assert Identity.objects.count() == 1


def test_who_linked_themselves_to_an_address_they_never_proved_shuts_its_owner_out_of_nothing(browser):
    """The stranger has an identity at the same provider, of another address, and linked it from inside."""
    local(verified_by="", name="Stranger", name_source="person")
    away = log_in().json()
    stranger, client = dict(browser.provider.claims, sub="stranger", email="stranger@example.org"), browser.client
    browser.provider.claims.update(stranger)
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    ticket = client.post(
        "/api/auth/identities/link",
        {},
        content_type="application/json",
        headers={"Authorization": f"Bearer {away['access_token']}"},
    ).json()
    departure = client.get(ticket["initiateUrl"])
    assert departure.status_code == 302
    client.get("/api/auth/oidc/callback", browser.provider.authorize(departure["Location"]))
    assert Identity.objects.get().subject == "stranger"

    browser.client = Client()
    browser.provider.claims.update(sub="subject-1", email="person@example.org", email_verified=True)
    body = browser.exchange(browser.sign_in()["code"]).json()
    assert (body["user"]["email"], body["user"]["emailVerified"]) == ("Person@Example.org", True)
    assert body["notices"] == ["password_removed"]
    assert [each.subject for each in Identity.objects.all()] == ["subject-1"]
    assert log_in().status_code == 401
    assert refresh(away["refresh_token"]).status_code == 401
    browser.client = Client()
    browser.provider.claims.update(stranger)
    assert browser.exchange(browser.sign_in(code="again")["code"]).json()["user"]["id"] != body["user"]["id"]


@pytest.mark.parametrize("flag", [False, "true", 1, None])
def test_unproven_address_asks_for_the_password_and_links_nothing_before(browser, flag):
    user = local()
    browser.provider.claims["email_verified"] = flag
    ending = browser.sign_in(redirect="/x")
    assert ending["error"] == "link_confirmation_required"
    assert not Identity.objects.exists()
    response = browser.link(ending["link_code"], PASSWORD)
    assert response.status_code == 200
    assert response.json()["redirectUrl"] == "/x"
    assert response.json()["user"]["id"] == str(user.pk)
    assert Identity.objects.get().user == user
    assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"


def test_link_page_asks_for_the_password_and_signs_in(browser):
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in(redirect="/reports")
    page = browser.client.get("/login", ending).content.decode()
    assert "Is this account yours?" in page
    wrong = browser.client.post("/login/link", {"link_code": ending["link_code"], "password": "wrong"})
    assert wrong.status_code == 400
    assert not Identity.objects.exists()
    right = browser.client.post("/login/link", {"link_code": ending["link_code"], "password": PASSWORD})
    assert right["Location"] == "/reports"
    assert "_auth_user_id" in browser.client.session


def test_link_code_is_bound_to_its_browser(browser, other_browser):
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    other_browser.initiate()
    assert other_browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"
    assert not Identity.objects.exists()


def test_link_code_has_five_tries(browser):
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    codes = [browser.link(ending["link_code"], "wrong password").json()["code"] for _ in range(6)]
    assert codes == ["invalid_credentials"] * 5 + ["link_code_invalid"]
    assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"
    assert not Identity.objects.exists()


def test_a_password_that_nobody_looked_at_is_no_try_of_the_link_code(browser, settings):
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_LOGIN=["1/3600"])
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    answers = [browser.link(ending["link_code"], "wrong password").status_code for _ in range(8)]
    assert answers == [401] + [429] * 7
    assert PendingLink.objects.get().tries == 1


def test_link_code_expires_after_ten_minutes(browser):
    local()
    browser.provider.claims["email_verified"] = False
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        ending = browser.sign_in()
        clock.shift(600)
        assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"


def test_link_code_is_not_in_the_database(browser):
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    assert ending["link_code"] not in json.dumps(list(PendingLink.objects.values()), default=str)


def test_address_that_moved_meanwhile_is_not_linked(browser):
    user = local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    user.email = "moved@example.org"
    user.save()
    assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"
    assert not Identity.objects.exists()


def test_identity_that_was_linked_meanwhile_is_not_linked_again(browser):
    local()
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    other = User.objects.create_user("other@example.org", PASSWORD)
    Identity.objects.create(user=other, issuer=browser.provider.issuer, subject="subject-1")
    assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "link_code_invalid"
    assert Identity.objects.get().user == other


def test_suspended_account_is_not_linked_by_its_password(browser):
    local(status="suspended", is_active=False)
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    assert ending["error"] == "link_confirmation_required"
    assert browser.link(ending["link_code"], PASSWORD).json()["code"] == "account_suspended"
    assert not Identity.objects.exists()


def test_link_by_password_works_where_local_sign_in_is_off(browser, settings):
    local()
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    assert log_in().json()["code"] == "password_login_disabled"
    browser.provider.claims["email_verified"] = False
    assert browser.link(browser.sign_in()["link_code"], PASSWORD).status_code == 200


def test_account_without_password_is_linked_from_inside_only(browser):
    User.objects.create_user("person@example.org", None)
    browser.provider.claims["email_verified"] = False
    assert browser.sign_in()["error"] == "link_requires_sign_in"


@pytest.mark.parametrize(
    ("mode", "code"), [("confirm", "link_confirmation_required"), ("never", "link_requires_sign_in")]
)
def test_linking_mode_of_the_provider_counts(browser, settings, mode, code):
    local()
    configure(settings, OIDC_LINKING=mode)
    assert browser.sign_in()["error"] == code
    assert not Identity.objects.exists()


@pytest.mark.parametrize(("status", "code"), [("suspended", "account_suspended"), ("pending", "account_pending")])
@pytest.mark.parametrize("linked", [True, False])
def test_blocked_account_changes_in_nothing(browser, status, code, linked):
    user = local(status=status, is_active=False, name="Before")
    if linked:
        Identity.objects.create(user=user, issuer=browser.provider.issuer, subject="subject-1")
    before = User.objects.values().get()
    assert browser.sign_in()["error"] == code
    assert User.objects.values().get() == before
    assert Identity.objects.count() == int(linked)
    assert not Session.objects.exists()


def test_new_person_with_an_unproven_address_is_told_the_remedy(browser):
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    assert ending["error"] == "email_not_verified"
    assert not User.objects.exists()
    page = browser.client.get("/login", ending).content.decode()
    assert "addresses are trusted" in page


def test_new_person_of_whose_address_nothing_is_said_comes_in_unverified(browser):
    del browser.provider.claims["email_verified"]
    assert browser.exchange(browser.sign_in()["code"]).json()["user"]["emailVerified"] is False


def test_trusted_provider_needs_no_flag(browser, settings):
    configure(settings, OIDC_TRUST_EMAIL="absent")
    del browser.provider.claims["email_verified"]
    assert browser.exchange(browser.sign_in()["code"]).json()["user"]["emailVerified"] is True


def test_registration_closed_closes_the_provider_door_too(browser, settings):
    configure(settings, USER_SIGNUP="disabled")
    assert browser.sign_in()["error"] == "signup_disabled"
    configure(settings, OIDC_SIGNUP="always")
    assert "code" in browser.sign_in(code="second")


def test_new_person_under_review_is_made_with_the_identity_and_waits(browser, settings):
    configure(settings, USER_SIGNUP="review")
    assert browser.sign_in()["error"] == "account_pending"
    assert User.objects.get().status == "pending"
    assert Identity.objects.get().user == User.objects.get()
    User.objects.update(status="active", is_active=True)
    assert "code" in browser.sign_in(code="second")


def test_admin_policy_counts_where_the_environment_is_silent(browser):
    SignInPolicy.objects.create(registration_mode="disabled")
    assert browser.sign_in()["error"] == "signup_disabled"


def test_claims_make_nobody_more_than_they_are(browser):
    browser.provider.claims |= {"is_staff": True, "isAdmin": True, "status": "active", "id": "0", "groups": ["admin"]}
    body = browser.exchange(browser.sign_in()["code"]).json()
    assert body["user"]["isAdmin"] is False
    assert User.objects.get().is_superuser is False


def test_look_alike_address_meets_nobody(browser):
    User.objects.create_user("kim@example.org", PASSWORD)
    browser.provider.claims["email"] = "\u212aim@example.org"
    assert browser.sign_in()["error"] == "missing_claims"
    browser.provider.claims["email"] = "ki\u0131m@example.org"
    assert browser.sign_in(code="b")["error"] == "missing_claims"
    assert not Identity.objects.exists()


def test_administrators_address_is_promoted_once_proven(browser, settings):
    configure(settings, ADMIN_EMAIL="person@example.org")
    del browser.provider.claims["email_verified"]
    assert browser.exchange(browser.sign_in()["code"]).json()["user"]["isAdmin"] is False
    User.objects.all().delete()
    browser.provider.claims["email_verified"] = True
    assert browser.exchange(browser.sign_in(code="b")["code"]).json()["user"]["isAdmin"] is True


def test_a_proof_of_another_address_promotes_nobody(browser, monkeypatch):
    """Whatever class speaks for the people: only the account's own address is proven by it."""
    promoted = []
    monkeypatch.setattr(People, "promote", lambda self, user, *, request=None: promoted.append(user.email))
    browser.sign_in()
    assert promoted
    promoted.clear()
    browser.sign_in(code="again")
    assert promoted == ["person@example.org"]
    browser.provider.claims["email"] = "boss@example.org"
    browser.sign_in(code="other")
    assert promoted == ["person@example.org"]


def test_typed_address_of_the_administrator_makes_none(browser, settings):
    """With TRUST_LOCAL_EMAIL it counts as verified; nobody has proven it all the same."""
    configure(settings, ADMIN_EMAIL="boss@example.org", TRUST_LOCAL_EMAIL=True)
    body = {"email": "boss@example.org", "password": PASSWORD, "name": "Somebody"}
    answer = Client().post("/api/auth/register", body, content_type="application/json")
    assert (answer.status_code, answer.json()["user"]["isAdmin"]) == (201, False)
    Identity.objects.create(user=User.objects.get(), issuer=browser.provider.issuer, subject="subject-1")
    assert browser.exchange(browser.sign_in()["code"]).json()["user"]["isAdmin"] is False
    browser.provider.claims["email"] = "boss@example.org"
    assert browser.exchange(browser.sign_in(code="b")["code"]).json()["user"]["isAdmin"] is False


def test_owner_of_the_administrators_address_becomes_one_and_the_typed_password_goes(browser, settings):
    configure(settings, ADMIN_EMAIL="person@example.org", TRUST_LOCAL_EMAIL=True)
    body = {"email": "person@example.org", "password": PASSWORD, "name": "Somebody"}
    Client().post("/api/auth/register", body, content_type="application/json")
    answer = browser.exchange(browser.sign_in()["code"]).json()
    assert (answer["user"]["isAdmin"], answer["notices"]) == (True, ["password_removed"])
    assert log_in().status_code == 401


def test_typed_address_keeps_its_password_beside_the_provider_where_nobody_gains_by_it(browser, settings):
    configure(settings, TRUST_LOCAL_EMAIL=True)
    body = {"email": "person@example.org", "password": PASSWORD, "name": "Somebody"}
    Client().post("/api/auth/register", body, content_type="application/json")
    assert browser.exchange(browser.sign_in()["code"]).json()["notices"] == []
    assert log_in().status_code == 200
    assert User.objects.get().verified_by == "typed"


def test_address_that_is_too_long_when_written_out_is_none(browser):
    browser.provider.claims["email"] = "x" * 64 + "@" + ".".join(["a" * 63, "b" * 63, "c" * 58, "org"])
    assert browser.sign_in()["error"] == "missing_claims"
