"""The trip through the public doors, against a provider that follows a script."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from django.test import Client
from werkzeug import Response

from accounts.models import User
from oidc_login.models import AuthorizationRequest, ExchangeCode, Identity
from tests.configure import configure
from tests.oidc_login.conftest import arrived
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, KEY, json_answer
from tests.oidc_login.signed_out import signed_out


def test_person_signs_in_and_gets_tokens(browser):
    ending = browser.sign_in(redirect="/reports?year=1")
    assert ending["redirect"] == "/reports?year=1"
    response = browser.exchange(ending["code"])
    body = response.json()
    assert response.status_code == 200
    assert set(body) == {"access_token", "refresh_token", "user", "redirectUrl", "notices"}
    assert body["redirectUrl"] == "/reports?year=1"
    assert body["notices"] == []
    assert body["user"]["email"] == "person@example.org"
    assert body["user"]["emailVerified"] is True
    assert body["user"]["hasPassword"] is False
    assert response["Cache-Control"] == "no-store"
    me = browser.client.get("/api/auth/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json()["id"] == body["user"]["id"]


def test_second_sign_in_is_the_same_person(browser):
    browser.sign_in()
    browser.provider.claims |= {"email": "other@example.org", "name": "New Name"}
    ending = browser.sign_in(code="second")
    user = browser.exchange(ending["code"]).json()["user"]
    assert User.objects.count() == Identity.objects.count() == 1
    assert (user["email"], user["name"]) == ("person@example.org", "New Name")


def test_warm_login_calls_the_token_endpoint_once_and_nothing_else(browser):
    browser.sign_in()
    before = browser.provider.calls.copy()
    browser.sign_in(code="second")
    assert browser.provider.calls - before == {"token": 1}


def test_userinfo_is_called_once_where_there_is_one(browser):
    browser.provider.claims = {"sub": "subject-1"}
    browser.provider.userinfo = {"sub": "subject-1", "email": "person@example.org", "email_verified": True}
    assert "code" in browser.sign_in()
    assert browser.provider.calls["userinfo"] == 1


def test_initiate_sends_what_the_standards_ask_for(browser):
    query = parse_qs(urlsplit(browser.initiate()).query)
    assert query["response_type"] == ["code"]
    assert query["client_id"] == [CLIENT_ID]
    assert query["scope"] == ["openid email profile"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/api/auth/oidc/callback"]
    assert query["tenant"] == ["1"]
    assert all(len(query[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_host_header_changes_no_address(browser, settings):
    settings.ALLOWED_HOSTS = ["*"]
    location = browser.client.get(
        "/api/auth/oidc/initiate", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    )["Location"]
    assert "evil" not in location
    answer = browser.client.get(
        "/api/auth/oidc/callback", browser.provider.authorize(location), headers={"Host": "evil.example"}
    )
    assert answer["Location"].startswith("http://testserver/login?code=")
    assert browser.provider.last_form["redirect_uri"] == "http://testserver/api/auth/oidc/callback"


def test_secret_goes_into_the_header_where_metadata_is_silent(browser):
    browser.sign_in()
    assert "client_secret" not in browser.provider.last_form
    assert browser.provider.last_headers["Authorization"].startswith("Basic ")


def test_secret_goes_into_the_form_where_metadata_says_so(browser):
    browser.provider.extra_metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    browser.sign_in()
    assert browser.provider.last_form["client_secret"] == CLIENT_SECRET
    assert "Authorization" not in browser.provider.last_headers


def test_secret_goes_into_the_header_where_metadata_lists_both(browser):
    """What a client is registered for unless its registration says otherwise."""
    both = ["client_secret_post", "client_secret_basic"]
    browser.provider.extra_metadata = {"token_endpoint_auth_methods_supported": both}
    browser.sign_in()
    assert "client_secret" not in browser.provider.last_form


def test_public_client_sends_no_secret_at_all(browser, settings):
    configure(settings, OIDC_CLIENT_SECRET="")
    assert "code" in browser.sign_in()
    assert "client_secret" not in browser.provider.last_form
    assert browser.provider.last_form["client_id"] == CLIENT_ID
    assert "Authorization" not in browser.provider.last_headers


def test_state_works_once(browser):
    query = browser.provider.authorize(browser.initiate())
    assert "code" in browser.callback(query)
    assert browser.callback(query)["error"] == "state_invalid"


def test_state_dies_with_its_first_use_also_when_that_failed(browser):
    query = browser.provider.authorize(browser.initiate())
    assert browser.callback({"state": query["state"], "error": "access_denied"})["error"] == "provider_refused"
    assert browser.callback(query)["error"] == "state_invalid"


def test_victim_cannot_be_made_to_finish_an_attackers_login(browser, other_browser):
    query = browser.provider.authorize(browser.initiate())
    other_browser.initiate()
    assert other_browser.callback(query)["error"] == "state_invalid"
    assert not Identity.objects.exists()
    assert browser.callback(query)["error"] == "state_invalid"


def test_parallel_tabs_work(browser):
    first, second = browser.initiate(), browser.initiate()
    assert "code" in browser.callback(browser.provider.authorize(second, "b"))
    assert "code" in browser.callback(browser.provider.authorize(first, "a"))


def test_binding_cookie_is_for_the_server_alone(browser):
    browser.initiate()
    cookie = browser.client.cookies["fairlead-binding"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    before = cookie.value
    browser.initiate()
    assert browser.client.cookies["fairlead-binding"].value == before


def test_late_state_restarts_the_login_once(browser):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        query = browser.provider.authorize(browser.initiate(redirect="/x", code_challenge="c" * 43))
        clock.shift(timedelta(seconds=61))
        again = browser.client.get("/api/auth/oidc/callback", query)
        assert again["Location"].startswith(browser.provider.issuer + "/authorize")
        second = browser.provider.authorize(again["Location"], "second")
        assert second["state"] != query["state"]
        attempt = AuthorizationRequest.objects.latest("pk")
        assert (attempt.redirect, attempt.code_challenge, attempt.restarted) == ("/x", "c" * 43, True)
        clock.shift(timedelta(seconds=61))
        assert browser.callback(second)["error"] == "state_expired"


@pytest.mark.parametrize("flaw", ["too old", "no code", "other browser"])
def test_late_state_with_a_flaw_does_not_restart(browser, other_browser, flaw):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        query = browser.provider.authorize(browser.initiate())
        clock.shift(timedelta(minutes=16) if flaw == "too old" else timedelta(seconds=61))
        if flaw == "no code":
            del query["code"]
        ending = (other_browser if flaw == "other browser" else browser).callback(query)
    assert ending["error"] == ("state_invalid" if flaw == "other browser" else "state_expired")


def test_answer_of_another_issuer_is_refused_before_its_code_goes_anywhere(browser):
    query = browser.provider.authorize(browser.initiate())
    assert browser.callback({**query, "iss": "https://evil.example"})["error"] == "provider_error"
    assert browser.provider.calls["token"] == 0


def test_answer_without_iss_is_refused_where_metadata_promises_it(browser):
    browser.provider.extra_metadata = {"authorization_response_iss_parameter_supported": True}
    query = browser.provider.authorize(browser.initiate())
    assert browser.callback(query)["error"] == "provider_error"
    query = browser.provider.authorize(browser.initiate())
    assert "code" in browser.callback({**query, "iss": browser.provider.issuer})


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "x"}, {"state": "x", "code": "y"}, {"state": ["a", "b"]}, {"state": "\x00"}, {"state": "x" * 10_000}],
)
def test_callback_with_a_foreign_state_is_refused(browser, query):
    assert arrived(browser.client.get("/api/auth/oidc/callback", query))["error"] == "state_invalid"


def test_exchange_code_is_no_state_and_the_other_way_round(browser):
    ending = browser.sign_in()
    assert browser.callback({"state": ending["code"], "code": "x"})["error"] == "state_invalid"
    state = parse_qs(urlsplit(browser.initiate()).query)["state"][0]
    assert browser.exchange(state).json()["code"] == "exchange_code_invalid"


def test_provider_that_was_changed_meanwhile_is_not_asked(browser, settings):
    query = browser.provider.authorize(browser.initiate())
    configure(settings, OIDC_CLIENT_ID="another")
    assert browser.callback(query)["error"] == "provider_unavailable"
    query = browser.provider.authorize(browser.initiate())
    configure(settings, OIDC_ENABLED=False)
    assert browser.callback(query)["error"] == "provider_unavailable"
    assert browser.provider.calls["token"] == 0


TOKEN_ANSWERS = [
    ("down", lambda request: Response("oops", status=500), "provider_unreachable"),
    ("busy", lambda request: Response("oops", status=503), "provider_unreachable"),
    ("refused", lambda request: json_answer({"error": "invalid_grant"}, 400), "provider_error"),
    (
        "redirect",
        lambda request: Response("", status=302, headers={"Location": "http://127.0.0.1:1/"}),
        "provider_error",
    ),
    ("html", lambda request: Response("<html>", content_type="text/html"), "provider_error"),
    ("list", lambda request: json_answer(["id_token"]), "provider_error"),
    ("null", lambda request: json_answer(None), "provider_error"),
    ("empty", lambda request: json_answer({}), "provider_error"),
    ("no id_token", lambda request: json_answer({"access_token": "a", "token_type": "Bearer"}), "provider_error"),
    ("odd id_token", lambda request: json_answer({"access_token": "a", "id_token": {"a": 1}}), "provider_error"),
    ("junk id_token", lambda request: json_answer({"access_token": "a", "id_token": "a.b.c"}), "provider_error"),
    (
        "odd type",
        lambda request: json_answer({"access_token": "a", "id_token": "x", "token_type": "mac"}),
        "provider_error",
    ),
    ("deep", lambda request: Response("[" * 100_000, content_type="application/json"), "provider_error"),
]


@pytest.mark.parametrize(
    ("answer", "code"), [case[1:] for case in TOKEN_ANSWERS], ids=[case[0] for case in TOKEN_ANSWERS]
)
def test_nonsense_from_the_token_endpoint_ends_cleanly(browser, answer, code):
    browser.provider.answers["token"] = answer
    ending = browser.sign_in()
    assert ending["error"] == code
    assert "upstream" not in json.dumps(ending)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("userinfo", "code"),
    [
        ({"sub": "somebody-else", "email": "victim@example.org", "email_verified": True}, "provider_error"),
        ({"email": "victim@example.org", "email_verified": True}, "provider_error"),
        ({"sub": ["subject-1"]}, "provider_error"),
        ([], "provider_error"),
    ],
)
def test_userinfo_of_somebody_else_ends_the_login(browser, userinfo, code):
    browser.provider.userinfo = {"sub": "subject-1"}
    browser.provider.answers["userinfo"] = lambda request: json_answer(userinfo)
    assert browser.sign_in()["error"] == code
    assert not User.objects.exists()


@pytest.mark.parametrize("broken", ["\x00", "\ud800"])
def test_a_name_that_is_no_text_keeps_nobody_out(browser, broken):
    """At userinfo as in the ID token; what identifies somebody has to be text."""
    said = {"sub": "subject-1", "name": f"Ada{broken}Person", "email": "person@example.org", "email_verified": True}
    browser.provider.claims = {"sub": "subject-1"}
    browser.provider.userinfo = said
    assert browser.exchange(browser.sign_in()["code"]).json()["user"]["name"] == "Ada\ufffdPerson"
    for name in ("sub", "email"):
        browser.provider.userinfo = {**said, name: f"{said[name]}{broken}"}
        assert browser.sign_in(code=name)["error"] == "provider_error"


def test_userinfo_that_is_down_ends_the_login(browser):
    browser.provider.userinfo = {"sub": "subject-1"}
    browser.provider.answers["userinfo"] = lambda request: Response("", status=502)
    assert browser.sign_in()["error"] == "provider_unreachable"


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"},
        {"aud": [CLIENT_ID, "another"]},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 9_999_999_999},
        {"nonce": "another"},
        {"nonce": None},
        {"azp": "another"},
        {"at_hash": "wrong"},
    ],
)
def test_id_token_that_is_not_for_this_login_ends_it(browser, change):
    browser.provider.sign = lambda claims: jwt.encode(
        {name: value for name, value in {**claims, **change}.items() if value is not None},
        KEY,
        algorithm="RS256",
        headers={"kid": "first"},
    )
    assert browser.sign_in()["error"] == "provider_error"
    assert not User.objects.exists()


@pytest.mark.parametrize("sub", [None, "", 7, "x" * 256])
def test_id_token_without_a_usable_sub_ends_the_login(browser, sub):
    browser.provider.claims["sub"] = sub
    assert browser.sign_in()["error"] in {"missing_claims", "provider_error"}
    assert not User.objects.exists()


def test_missing_claims_are_named(browser):
    browser.provider.claims = {"sub": "subject-1"}
    ending = browser.sign_in()
    assert (ending["error"], ending["missing"]) == ("missing_claims", "email")
    page = browser.client.get("/login", ending, headers={"Accept": "text/html"}).content.decode()
    assert "lacks: email" in page


def test_discovery_that_is_down_is_said_at_initiate(browser):
    browser.provider.answers["openid-configuration"] = lambda request: Response("", status=500)
    assert arrived(browser.client.get("/api/auth/oidc/initiate"))["error"] == "provider_unreachable"


def test_discovery_of_another_issuer_is_refused_at_initiate(browser):
    browser.provider.extra_metadata = {"issuer": "https://evil.example"}
    assert arrived(browser.client.get("/api/auth/oidc/initiate"))["error"] == "provider_error"


def test_error_id_is_the_request_id(browser):
    response = browser.client.get("/api/auth/oidc/callback", {"state": "x"})
    assert arrived(response)["error_id"] == response["X-Request-Id"]


def test_session_of_somebody_else_ends_with_the_callback(browser):
    somebody = User.objects.create_user("somebody@example.org", "a long enough password")
    browser.client.force_login(somebody, backend="accounts.backends.PasswordBackend")
    assert "code" in browser.sign_in()
    assert "_auth_user_id" not in browser.client.session


def test_our_page_opens_the_session_and_goes_where_the_person_wanted(browser):
    ending = browser.sign_in(redirect="/reports")
    response = browser.client.get("/login", {"code": ending["code"], "redirect": "https://evil.example"})
    assert response["Location"] == "/reports"
    assert browser.client.session["_auth_user_id"] == str(User.objects.get().pk)
    again = arrived(browser.client.get("/login", {"code": ending["code"]}))
    assert again["error"] == "exchange_code_invalid"


def test_head_on_our_page_does_not_use_the_code_up(browser):
    ending = browser.sign_in()
    browser.client.head("/login", {"code": ending["code"]})
    assert browser.exchange(ending["code"]).status_code == 200


def test_code_is_worth_nothing_in_another_browser(browser, other_browser):
    ending = browser.sign_in()
    other_browser.initiate()
    assert other_browser.exchange(ending["code"]).json()["code"] == "exchange_code_invalid"
    assert browser.exchange(ending["code"]).status_code == 400


CHALLENGED = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B


def test_code_with_a_challenge_needs_the_verifier_and_no_cookie(browser, other_browser):
    ending = browser.sign_in(**CHALLENGED)
    assert other_browser.exchange(ending["code"], code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("verifier", ["", "x" * 43, CHALLENGED["code_challenge"], VERIFIER[:42]])
def test_code_with_a_challenge_is_burnt_by_a_wrong_verifier(browser, verifier):
    ending = browser.sign_in(**CHALLENGED)
    assert browser.exchange(ending["code"], code_verifier=verifier).json()["code"] == "exchange_code_invalid"
    assert browser.exchange(ending["code"], code_verifier=VERIFIER).status_code == 400


def test_code_expires(browser):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        ending = browser.sign_in()
        clock.shift(30)
        assert browser.exchange(ending["code"]).json()["code"] == "exchange_code_invalid"


def test_nothing_in_the_database_opens_a_door(browser):
    query = browser.provider.authorize(browser.initiate())
    ending = browser.callback(query)
    rows = json.dumps([list(model.objects.values()) for model in (AuthorizationRequest, ExchangeCode)], default=str)
    assert query["state"] not in rows
    assert ending["code"] not in rows
    assert browser.client.cookies["fairlead-binding"].value not in rows


def test_suspended_meanwhile_gets_nothing_and_the_code_is_burnt(browser):
    ending = browser.sign_in()
    User.objects.update(status="suspended", is_active=False)
    assert browser.exchange(ending["code"]).json()["code"] == "account_suspended"
    User.objects.update(status="active", is_active=True)
    assert browser.exchange(ending["code"]).json()["code"] == "exchange_code_invalid"


def test_password_login_with_code_and_state_in_its_address_makes_no_exchange(browser):
    User.objects.create_user("local@example.org", "a long enough password")
    query = browser.provider.authorize(browser.initiate())
    response = Client().post(
        f"/api/auth/login?code={query['code']}&state={query['state']}",
        {"email": "local@example.org", "password": "a long enough password"},
        content_type="application/json",
    )
    assert response.json()["user"]["email"] == "local@example.org"
    assert browser.provider.calls["token"] == 0


def test_receivers_are_told_whose_session_the_callback_ended(browser, django_user_model):
    other = django_user_model.objects.create_user("other@example.org", "a long enough password", verified_by="link")
    browser.client.post("/login", {"email": "other@example.org", "password": "a long enough password"})
    with signed_out() as told:
        browser.sign_in()
    assert told == [other]
