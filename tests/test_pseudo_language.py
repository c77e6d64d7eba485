"""Pages, mails and refusals in a language that marks whatever is translated: nothing else than data is left bare."""

import json
import logging
import re

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import User
from fairlead.audit.models import AuditEvent
from tests import pseudo_language
from tests.accounts.conftest import PASSWORD
from tests.configure import configure

# Data, not sentences: the site, a provider, a person, what stands in an address, what a language calls itself.
DATA = {"English", "Smith", "Scripted", "Demo", "Person", "person", "example", "org", "new", "testserver", "http"}


@pytest.fixture
def person(db):
    return User.objects.create_user("person@example.org", PASSWORD, name="Demo Person", verified_by="link")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locale")
    pseudo_language.write(folder)
    return folder


@pytest.fixture
def marked(settings, catalog, db):
    settings.LOCALE_PATHS = [catalog]
    settings.LANGUAGES = [(pseudo_language.CODE, "«Pseudo»"), ("en", "English")]
    settings.LANGUAGE_CODE = pseudo_language.CODE
    configure(
        settings,
        SITE_NAME="Smith",
        OIDC_ENABLED=True,
        OIDC_PROVIDER_NAME="Scripted",
        OIDC_ISSUER_URL="https://id.example.org",
        OIDC_CLIENT_ID="client",
        OIDC_CLIENT_SECRET="secret",
        TERMS_URL="/terms",
        PRIVACY_URL="/privacy",
        SUPPORT_URL="/help",
    )
    with translation.override(pseudo_language.CODE):
        yield


def bare(response):
    page = response.content.decode()
    assert "«" in page
    assert '<html lang="xx"' in page
    return [word for word in pseudo_language.unmarked(page) if word not in DATA]


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/login?error=state_invalid&error_id=0123456789abcdef0123456789abcdef",
        "/login?error=missing_claims&missing=email",
        "/login?error=link_confirmation_required&link_code=x",
        "/register",
        "/password-reset",
        "/password-reset/confirm?token=none",
        "/verify-email?token=none",
        "/account/email/not-me?token=none",
        "/signin-link?token=none",
        "/nowhere",
        "/problems",
    ],
)
def test_nothing_bare_is_left_on_a_page_for_strangers(marked, client, path):
    assert bare(client.get(path, headers={"Accept": "text/html"})) == []


def test_nothing_bare_is_left_on_the_account_page_and_its_messages(marked, client, person):
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    page = client.get("/account")
    assert "«Link Scripted»" in page.content.decode()
    assert bare(page) == []
    client.post("/account/name", {"name-name": "Demo Person"})
    said = client.get("/account")
    assert "«Your name is saved.»" in said.content.decode()
    assert bare(said) == []


def test_nothing_bare_is_left_where_a_form_is_refused(marked, client, person):
    wrong = client.post("/login", {"email": "person@example.org", "password": "wrong"})
    assert bare(wrong) == []
    empty = client.post("/register", {"name": "Demo", "email": "person@", "password": PASSWORD})
    assert bare(empty) == []


def test_nothing_bare_is_left_in_what_a_followed_link_shows(marked, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/register", {"name": "Demo", "email": "new@example.org", "password": PASSWORD})
    (sent,) = mail.outbox
    assert sent.subject == "«Confirm your e-mail address at Smith»"
    address = re.search(r"http://testserver(/\S+)", sent.body).group(1)
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"«.*?»|http\S+", "", sent.body, flags=re.S))
    assert set(words) <= DATA
    client.logout()
    assert bare(client.get(address)) == []


def test_problem_documents_speak_the_language_and_keep_their_codes(marked, client):
    refused = client.post(
        "/api/auth/login", json.dumps({"email": "a@example.org", "password": "x"}), "application/json"
    )
    body = refused.json()
    assert body["code"] == "invalid_credentials"
    assert body["title"] == "«E-mail or password is wrong»"
    assert re.fullmatch("«.*»", body["detail"])
    sent = json.dumps({"email": "a@nowhere", "password": PASSWORD, "name": "a"})
    empty = client.post("/api/auth/register", sent, "application/json").json()
    assert empty["code"] == "invalid_request"
    assert empty["errors"] == {"email": ["«The part after the @ is not a domain name.»"]}


def test_what_is_recorded_and_logged_is_english(marked, client, person, caplog):
    with caplog.at_level(logging.DEBUG):
        client.post("/login", {"email": "person@example.org", "password": "wrong"})
        client.post("/login", {"email": "person@example.org", "password": PASSWORD})
        client.get("/api/auth/oidc/callback?state=x&code=y")
    assert "«" not in caplog.text
    assert not [event for event in AuditEvent.objects.all() if "«" in f"{event.event} {event.details}"]


def test_without_a_catalog_everything_is_english(client, db):
    with translation.override(pseudo_language.CODE):
        assert "«" not in client.get("/login").content.decode()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>«Marked»</p>", []),
        ("<p>«Marked <b>too</b>» bare</p>", ["bare"]),
        ('<img alt="bare"><code>GET</code>', ["bare"]),
        ("<title>«One» · bare</title>", ["bare"]),
    ],
)
def test_each_kind_of_bare_word_is_found(page, words):
    assert pseudo_language.unmarked(page) == words
