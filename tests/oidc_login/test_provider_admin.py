"""Providers in the administration: presets, the test, the dry sign-in that lets nobody in."""

import time
from html import unescape

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from fairlead.audit.models import Refusal
from fairlead.idtokens import outbound
from fairlead.idtokens.models import RemoteDocument
from oidc_login.admin import presets
from oidc_login.diagnostics import provider_test
from oidc_login.models import AuthorizationRequest, Identity, Provider
from oidc_login.providers import of_settings
from tests.configure import configure
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, json_answer

ADD = "/admin/oidc_login/provider/add/"
TEST = "/admin/oidc_login/provider/try/default/"
DRY = "/admin/oidc_login/provider/try/default/sign-in/"


@pytest.fixture
def office(browser):
    """An administrator's browser."""
    chief = User.objects.create_superuser("chief@example.org", "a long enough password")
    answer = browser.client.post("/login", {"email": chief.email, "password": "a long enough password"})
    assert answer.status_code == 302
    return browser


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def findings(office):
    response = office.client.post(TEST)
    assert response.status_code == 200, response.content
    return {each.what: each for each in response.context["findings"]}


@pytest.mark.parametrize("preset", presets.every(), ids=lambda preset: preset.slug)
def test_preset_fills_the_form_and_explains_itself(office, preset):
    page = office.client.get(ADD, {"preset": preset.slug})
    assert page.context["adminform"].form.initial["issuer"] == preset.issuer
    text = text_of(page)
    assert "http://testserver/api/auth/oidc/callback" in text
    assert "{callback}" not in text
    for quirk in preset.quirks:
        assert quirk in text


def test_form_without_a_preset_offers_them_all(office):
    text = text_of(office.client.get(ADD))
    for preset in presets.every():
        assert f'href="?preset={preset.slug}"' in text


def test_preset_that_does_not_exist_is_no_preset(office):
    page = office.client.get(ADD, {"preset": "<script>"})
    assert page.status_code == 200
    assert b"<script>&" not in page.content
    assert page.context["preset"] is None


def new_provider(**more):
    return {
        "name": "Second",
        "slug": "second",
        "issuer": "https://second.example.org",
        "client_id": "c",
        "new_secret": "the-second-secret",
        "scopes": "openid email profile",
        "client_auth": "",
        "enabled": "on",
        "order": "5",
        "trust_email": "never",
        "linking": "verified_email",
        "mobile_client_ids": "[]",
        **more,
    }


def test_placeholder_left_in_the_issuer_is_refused(office):
    page = office.client.post(ADD, new_provider(issuer="https://{host}/realms/{realm}"))
    assert "in place of the braces" in text_of(page)
    assert not Provider.objects.exists()


def test_an_issuer_that_strangers_share_is_never_trusted_with_addresses(office):
    page = office.client.post(ADD, new_provider(issuer="https://accounts.google.com", trust_email="always"))
    assert "Many organizations share this issuer" in text_of(page)
    assert not Provider.objects.exists()


def test_the_last_provider_of_a_site_without_passwords_stays(office, settings):
    """Neither switched off nor deleted: nobody could come in."""
    assert office.client.post(ADD, new_provider()).status_code == 302
    Provider.objects.update(enabled=True)
    row = Provider.objects.get()
    change, delete = (f"/admin/oidc_login/provider/{row.pk}/{verb}/" for verb in ("change", "delete"))
    configure(settings, DISABLE_INTERNAL_AUTH=True, OIDC_ENABLED=False)
    off = {name: value for name, value in new_provider(new_secret="").items() if name != "enabled"}
    assert "this is the last provider" in text_of(office.client.post(change, off))
    assert office.client.post(delete, {"post": "yes"}).status_code == 403
    assert Provider.objects.get().enabled
    configure(settings, DISABLE_INTERNAL_AUTH=False)
    assert office.client.post(change, off).status_code == 302
    assert not Provider.objects.get().enabled


def test_saved_secret_is_never_shown_again(office):
    assert office.client.post(ADD, new_provider()).status_code == 302
    row = Provider.objects.get()
    assert row.client_secret == "the-second-secret"
    for address in (f"/admin/oidc_login/provider/{row.pk}/change/", "/admin/oidc_login/provider/", TEST):
        page = office.client.get(address)
        assert page.status_code == 200
        assert b"the-second-secret" not in page.content
        assert CLIENT_SECRET.encode() not in page.content
    assert "/admin/oidc_login/provider/try/second/" in text_of(office.client.get("/admin/oidc_login/provider/"))


def test_test_of_a_good_provider_finds_all_well_and_stores_nothing(office):
    office.provider.extra_metadata = {
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }
    response = office.client.post(TEST)
    text = text_of(response)
    assert "All is well" in text
    assert {each.verdict.value for each in response.context["findings"]} == {"ok"}
    assert "1 usable: first (RS256)" in text
    assert "Offered and accepted here: RS256." in text
    assert "http://testserver/api/auth/oidc/callback" in text
    assert not RemoteDocument.objects.exists()
    assert "no-store" in response["Cache-Control"]


def test_looking_at_the_page_asks_nobody(office):
    assert office.client.get(TEST).status_code == 200
    assert not office.provider.calls


@pytest.mark.parametrize(
    ("metadata", "what", "verdict", "words"),
    [
        ({"issuer": "https://else.example.org"}, "Issuer", "problem", "calls itself https://else.example.org"),
        ({"issuer": "https://x.example/{tenantid}/v2.0"}, "Issuer", "problem", "your own tenant's id"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "Endpoints", "problem", "no algorithm"),
        ({"id_token_signing_alg_values_supported": ["ES256"]}, "ID token algorithms", "problem", "no key"),
        ({"code_challenge_methods_supported": ["plain"]}, "PKCE", "warning", "only others than S256"),
        ({}, "PKCE", "note", "nothing"),
        (
            {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
            "Client authentication",
            "warning",
            "does not",
        ),
        ({"scopes_supported": ["openid"]}, "Scopes", "warning", "does not list email, profile"),
        ({"token_endpoint": "http://127.0.0.1:1/token"}, "Endpoints", "problem", "OIDC_PRIVATE_ORIGINS"),
        ({"jwks_uri": None}, "Endpoints", "problem", "no jwks_uri"),
    ],
)
def test_test_says_what_is_wrong_in_words(office, metadata, what, verdict, words):
    office.provider.extra_metadata = metadata
    found = findings(office)[what]
    assert found.verdict.value == verdict
    assert words in f"{found.text} {found.remedy}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda request: json_answer({"keys": []}), "no usable key"),
        (lambda request: json_answer({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}), "no usable key"),
        (lambda request: json_answer({}), "no key set"),
        (lambda request: json_answer({}, 503), "503"),
    ],
)
def test_test_says_what_is_wrong_with_the_keys(office, answer, words):
    office.provider.answers["jwks"] = answer
    response = office.client.post(TEST)
    found = [each for each in response.context["findings"] if each.what == "Keys"]
    assert found[0].verdict.value == "problem"
    assert words in found[0].text


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0, "ok"), (30, "warning"), (-30, "warning"), (300, "problem"), (-300, "problem")]
)
def test_test_compares_the_clocks(provider, seconds, verdict):
    report = provider_test.look(of_settings(), fetcher=outbound.providers(), clock=lambda: time.time() + seconds)
    assert {each.what: each.verdict.value for each in report}["Clock"] == verdict


def test_test_of_a_provider_that_is_away_says_so(office, settings):
    configure(settings, OIDC_ISSUER_URL="http://127.0.0.1:1")
    configure(settings, OIDC_PRIVATE_ORIGINS=("http://127.0.0.1:1",))
    response = office.client.post(TEST)
    assert "nobody can sign in like this" in text_of(response)
    assert [each.what for each in response.context["findings"]] == ["Discovery"]


def test_test_of_a_private_address_that_nobody_allowed_contacts_nothing(office, settings):
    configure(settings, OIDC_PRIVATE_ORIGINS=())
    assert "OIDC_PRIVATE_ORIGINS" in findings(office)["Discovery"].text
    assert not office.provider.calls


def test_what_the_provider_writes_is_escaped(office):
    office.provider.extra_metadata = {"issuer": "<script>alert(1)</script>"}
    assert b"<script>alert" not in office.client.post(TEST).content


@pytest.mark.parametrize("address", [TEST, DRY])
@pytest.mark.parametrize("rights", [None, "staff", "viewer"])
def test_only_who_may_change_providers_may_try_them(office, address, rights):
    client = Client()
    if rights:
        user = User.objects.create_user("clerk@example.org", "a long enough password", is_staff=True)
        if rights == "viewer":
            user.user_permissions.set(Permission.objects.filter(codename="view_provider"))
        client.post("/login", {"email": user.email, "password": "a long enough password"})
    response = client.post(address)
    assert response.status_code == (403 if rights else 302)
    assert not office.provider.calls
    assert not AuthorizationRequest.objects.exists()


def test_beginning_a_dry_run_takes_a_form(office):
    page = office.client.get(DRY)
    assert page.status_code == 200
    assert f'action="{DRY}"' in page.content.decode()
    assert not AuthorizationRequest.objects.exists()


def departed(office):
    """Begin a dry run; the address at the provider."""
    response = office.client.post(DRY)
    assert response.status_code == 200, response.content
    return response.context["address"]


def dry_run(office):
    return office.client.get("/api/auth/oidc/callback", office.provider.authorize(departed(office)))


def everything():
    """All rows but the trip's own, which is used up, and the provider's cached documents."""
    kept = {}
    for model in apps.get_models():
        if model is not AuthorizationRequest and model._meta.app_label != "fairlead_idtokens":
            kept[model._meta.label] = sorted(map(repr, model.objects.values_list()))
    return kept


def test_dry_run_shows_the_claims_and_the_outcome_and_changes_nothing(office):
    office.provider.userinfo = {"sub": "subject-1", "locale": "de", "groups": ["a", "b"]}
    departure = departed(office)
    before = everything()
    response = office.client.get("/api/auth/oidc/callback", office.provider.authorize(departure))
    assert response.status_code == 200
    text = text_of(response)
    assert "Would make a new account" in text
    assert "person@example.org (taken for verified)" in text
    assert '["a", "b"]' in text
    assert f"<code>aud</code></th><td>{CLIENT_ID}" in text
    assert everything() == before
    assert not Identity.objects.exists()
    assert "no-store" in response["Cache-Control"]
    assert set(response.cookies) == {"fairlead-csrf"}


def test_administrator_stays_signed_in_as_themselves(office):
    dry_run(office)
    assert office.client.get("/admin/").status_code == 200
    assert User.objects.get().email == "chief@example.org"


def outcome(office):
    return text_of(dry_run(office))


def test_dry_run_of_a_known_identity_would_sign_in(office):
    person = User.objects.create_user("known@example.org", None)
    identity = Identity.objects.create(user=person, issuer=office.provider.issuer, subject="subject-1")
    assert "Would sign in known@example.org" in outcome(office)
    identity.refresh_from_db()
    person.refresh_from_db()
    assert (identity.last_login_at, identity.claims, person.name) == (None, {}, "")


def test_dry_run_of_a_trap_says_what_would_be_taken_away(office):
    trap = User.objects.create_user("person@example.org", "a long enough password")
    assert "its password and sessions would be taken away" in outcome(office)
    trap.refresh_from_db()
    assert trap.has_usable_password()
    assert not trap.email_verified


def test_dry_run_of_an_unproven_address_would_ask_for_the_password(office):
    User.objects.create_user("person@example.org", "a long enough password")
    office.provider.claims["email_verified"] = "true"
    text = outcome(office)
    assert "Would ask for the password of person@example.org" in text
    assert "(not verified)" in text


def test_dry_run_names_the_rule_that_would_refuse(office):
    office.provider.claims["email_verified"] = False
    assert "Would be refused: Your e-mail address is not verified" in outcome(office)


def test_dry_run_without_an_address_still_shows_what_came(office):
    del office.provider.claims["email"]
    text = outcome(office)
    assert "lacks: email" in text
    assert "Person One" in text


def test_dry_run_that_fails_on_the_way_says_where(office):
    office.provider.answers["token"] = lambda request: json_answer({"error": "invalid_client"}, 401)
    text = outcome(office)
    assert "The provider does not know our client id" in text
    assert Refusal.objects.get(code="provider_error", cause="token_endpoint.invalid_client").pk in text
    assert "provider_error" in text
    assert "invalid_client" not in text


def test_dry_run_that_the_provider_refuses_says_so(office):
    query = office.provider.authorize(departed(office))
    response = office.client.get("/api/auth/oidc/callback", {"state": query["state"], "error": "access_denied"})
    assert "The provider did not sign you in" in text_of(response)


def test_dry_run_works_before_a_provider_is_enabled(office, settings):
    configure(settings, OIDC_ENABLED=False)
    assert "Would make a new account" in outcome(office)
    assert office.client.get("/api/auth/oidc/initiate").status_code == 400


def test_dry_run_ends_only_where_its_administrator_is_still_signed_in(office):
    query = office.provider.authorize(departed(office))
    office.client.post("/logout")
    response = office.client.get("/api/auth/oidc/callback", query)
    assert "error=state_invalid" in response["Location"]
    assert not office.provider.calls["token"]


def test_dry_run_ends_only_for_somebody_who_is_still_an_administrator(office):
    query = office.provider.authorize(departed(office))
    User.objects.update(is_staff=False)
    assert "error=state_invalid" in office.client.get("/api/auth/oidc/callback", query)["Location"]


def test_dry_run_of_one_administrator_is_not_finished_by_another(office):
    query = office.provider.authorize(departed(office))
    other = User.objects.create_superuser("other@example.org", "a long enough password")
    office.client.post("/logout")
    office.client.post("/login", {"email": other.email, "password": "a long enough password"})
    assert "error=state_invalid" in office.client.get("/api/auth/oidc/callback", query)["Location"]


def test_dry_run_is_used_up(office):
    query = office.provider.authorize(departed(office))
    assert office.client.get("/api/auth/oidc/callback", query).status_code == 200
    assert "error=state_invalid" in office.client.get("/api/auth/oidc/callback", query)["Location"]


def test_nothing_that_the_provider_said_is_logged(office, caplog):
    caplog.set_level("DEBUG")
    office.provider.claims["nickname"] = "a-value-to-look-for"
    assert "a-value-to-look-for" in outcome(office)
    assert "POST /token" in caplog.text
    assert "a-value-to-look-for" not in caplog.text
    assert "person@example.org" not in caplog.text


def test_addresses_of_the_pages_have_names():
    assert reverse("admin:oidc_login_provider_test", args=["default"]) == TEST
    assert reverse("admin:oidc_login_provider_dry_run", args=["default"]) == DRY


def clerk():
    """Somebody whom an administrator trusted with providers, and with nothing else."""
    user = User.objects.create_user("clerk@example.org", "a long enough password", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="oidc_login", codename__contains="provider")
    )
    client = Client()
    client.post("/login", {"email": user.email, "password": "a long enough password"})
    return client


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example", "new_secret": "another-secret"},
        {"client_id": "another"},
        {"trust_email": "always"},
        {"linking": "confirm"},
        {"mobile_client_ids": '["my-own-app"]'},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_whoever_may_edit_providers_decides_about_no_trust(office, changes):
    """Else they would point one at themselves, and sign in as anybody."""
    office.client.post(ADD, new_provider(linking="never"))
    before = Provider.objects.values().get()
    row = f"/admin/oidc_login/provider/{before['id']}/change/"
    client = clerk()
    assert client.post(ADD, new_provider(slug="own", issuer="https://evil.example")).status_code == 403
    assert (
        client.post(row, {**new_provider(linking="never", new_secret=""), **changes, "name": "Renamed"}).status_code
        == 302
    )
    after = Provider.objects.values().get()
    assert after.pop("name") == "Renamed"
    told = {name for name in before if name in after and before[name] != after[name]}
    assert told <= {"updated_at", "client_secret"}


def test_whoever_may_edit_providers_enables_none(office):
    office.client.post(ADD, new_provider(enabled=""))
    row = Provider.objects.get()
    clerk().post(f"/admin/oidc_login/provider/{row.pk}/change/", new_provider(new_secret=""))
    row.refresh_from_db()
    assert not row.enabled


def test_secret_does_not_go_along_to_another_issuer(office):
    office.client.post(ADD, new_provider())
    Provider.objects.update(enabled=True)
    row = Provider.objects.get()
    address = f"/admin/oidc_login/provider/{row.pk}/change/"
    moved = new_provider(issuer="https://moved.example.org", new_secret="")
    page = office.client.post(address, moved)
    assert "which alone may see it" in text_of(page)
    row.refresh_from_db()
    assert row.issuer == "https://second.example.org"
    assert office.client.post(address, {**moved, "no_secret": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.issuer, row.client_secret) == ("https://moved.example.org", "")
    again = {**moved, "issuer": "https://third.example.org", "new_secret": "third-secret"}
    assert office.client.post(address, again).status_code == 302
    row.refresh_from_db()
    assert row.client_secret == "third-secret"


def row_page():
    return f"/admin/oidc_login/provider/{Provider.objects.get().pk}/change/"


def test_a_new_provider_is_saved_disabled_whatever_was_sent(office):
    assert "enabled" not in office.client.get(ADD).context["adminform"].form.fields
    answer = office.client.post(ADD, new_provider(), follow=True)
    assert "It is not enabled yet" in text_of(answer)
    assert not Provider.objects.get().enabled


def test_enabling_one_that_nobody_tried_is_asked_about(office):
    office.client.post(ADD, new_provider())
    sent = new_provider(new_secret="")
    assert "Nobody has tried this provider as it is now" in text_of(office.client.post(row_page(), sent))
    assert not Provider.objects.get().enabled
    assert office.client.post(row_page(), {**sent, "untried": "on"}).status_code == 302
    assert Provider.objects.get().enabled
    # It is enabled now: nothing is asked any more.
    assert "untried" not in office.client.get(row_page()).context["adminform"].form.fields
    assert office.client.post(row_page(), {**sent, "name": "Renamed"}).status_code == 302


def test_a_dry_sign_in_that_went_well_is_noted_and_then_nothing_is_asked(office, settings):
    configure(settings, OIDC_ENABLED=False, OIDC_ISSUER_URL="")
    mine = {"issuer": office.provider.issuer, "client_id": CLIENT_ID, "new_secret": CLIENT_SECRET}
    office.client.post(ADD, new_provider(**mine))
    begun = office.client.post("/admin/oidc_login/provider/try/second/sign-in/")
    assert Provider.objects.get().tested_at is None
    before = Provider.objects.get().updated_at
    query = office.provider.authorize(begun.context["address"])
    assert "Would make a new account" in text_of(office.client.get("/api/auth/oidc/callback", query))
    assert Provider.objects.get().tested_at is not None
    assert Provider.objects.get().updated_at == before
    assert office.client.post(row_page(), {**new_provider(**mine), "new_secret": ""}).status_code == 302
    assert Provider.objects.get().enabled


def test_one_that_failed_is_not_tried(office, settings):
    configure(settings, OIDC_ENABLED=False, OIDC_ISSUER_URL="")
    mine = {"issuer": office.provider.issuer, "client_id": CLIENT_ID, "new_secret": CLIENT_SECRET}
    office.client.post(ADD, new_provider(**mine))
    begun = office.client.post("/admin/oidc_login/provider/try/second/sign-in/")
    query = office.provider.authorize(begun.context["address"])
    office.client.get("/api/auth/oidc/callback", {"state": query["state"], "error": "access_denied"})
    assert Provider.objects.get().tested_at is None


@pytest.mark.parametrize(
    "changes", [{"issuer": "https://other.example.org", "new_secret": "x" * 9}, {"client_id": "d"}, {"no_secret": "on"}]
)
def test_what_was_tried_is_not_what_is_saved_now(office, changes):
    office.client.post(ADD, new_provider())
    Provider.objects.update(tested_at=timezone.now())
    sent = {**new_provider(new_secret=""), **changes}
    assert "Nobody has tried this provider as it is now" in text_of(office.client.post(row_page(), sent))
    del sent["enabled"]
    assert office.client.post(row_page(), sent).status_code == 302
    assert Provider.objects.get().tested_at is None


def test_staff_with_view_rights_alone_see_the_page(office):
    office.client.post(ADD, new_provider())
    user = User.objects.create_user("looker@example.org", "a long enough password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_provider"))
    looker = Client()
    looker.force_login(user)
    assert looker.get(row_page()).status_code == 200
