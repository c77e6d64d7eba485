"""The language of pages and answers: chosen here, else asked for by the browser, else the site's first."""

import json
import re
from http import HTTPStatus

import pytest
from django.conf import global_settings
from django.test import Client

from accounts.models import User
from fairlead.web import languages
from tests.accounts.conftest import PASSWORD

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
COOKIE = "fairlead-language"
pytestmark = pytest.mark.django_db


def spoken(response) -> str:
    return re.search(r'<html lang="([\w-]+)"', response.content.decode()).group(1)


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("fr,de;q=0.2", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("%%%;q=x", "en"),
    ],
)
def test_a_page_speaks_what_the_browser_asks_for(client, asked, got):
    page = client.get("/login", headers={"Accept-Language": asked} if asked else {})
    assert spoken(page) == got
    assert page["Content-Language"] == got
    assert "Accept-Language" in page["Vary"]
    assert ("Anmelden" in page.content.decode()) == (got == "de")


def test_an_answer_speaks_the_callers_language_and_its_codes_stay(client):
    sent = json.dumps({"email": "a@example.org", "password": "wrong"})
    english = client.post("/api/auth/login", sent, "application/json")
    german = client.post("/api/auth/login", sent, "application/json", headers=GERMAN)
    told, gesagt = english.json(), german.json()
    assert told["code"] == gesagt["code"] == "invalid_credentials"
    assert told["type"] == gesagt["type"]
    assert gesagt["title"] == "E-Mail-Adresse oder Passwort ist falsch"
    assert gesagt["detail"].startswith("E-Mail-Adresse oder Passwort ist falsch. Prüfen Sie")
    assert told["detail"].startswith("E-mail or password is wrong.")
    assert german["Content-Language"] == "de"
    assert "Accept-Language" in german["Vary"]


def test_a_choice_counts_before_the_browser_and_leads_back(client):
    answer = client.post("/language", {"language": "de", "next": "/login?next=%2Faccount"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/login?next=%2Faccount")
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("de", True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 3600
    assert spoken(client.get("/login", headers={"Accept-Language": "en"})) == "de"


def test_every_page_offers_the_others_and_says_which_one_is_spoken(client):
    page = client.get("/login?redirect=/account", headers=GERMAN).content.decode()
    form = re.search(r'<form class="languages".*?</form>', page, re.S).group(0)
    assert 'action="/language"' in form
    assert 'aria-label="Sprache"' in form
    assert 'name="next" value="/login"' in form
    assert 'value="en" lang="en">English<' in form
    assert 'value="de" lang="de" aria-current="true">Deutsch<' in form
    assert "csrfmiddlewaretoken" in form


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [
        ("http://testserver/login?redirect=%2Faccount", "/login?redirect=%2Faccount"),
        ("http://testserver/login", "/login"),
        ("http://testserver/register?x=1", "/login"),
        ("https://evil.example/login?x=1", "/login"),
        ("http://testserver.evil.example/login?x=1", "/login"),
        ("http://testserver@evil.example/login?x=1", "/login"),
        ("//evil.example/login?x=1", "/login"),
        ("", "/login"),
    ],
)
def test_the_query_is_the_browsers_to_say(client, came_from, led_to):
    answer = client.post("/language", {"language": "de", "next": "/login"}, headers={"Referer": came_from})
    assert answer["Location"] == led_to


def test_no_page_repeats_its_query_in_the_form(client):
    page = client.get("/login?error=Call+0900+now").content.decode()
    assert "0900" not in page


@pytest.mark.parametrize(
    "target", ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_choice_leads_to_no_other_site(client, target):
    answer = client.post("/language", {"language": "de", "next": target})
    assert answer["Location"] == "/"
    assert answer.cookies[COOKIE].value == "de"


@pytest.mark.parametrize("code", ["", "fr", "xx", "de\r\nSet-Cookie: a=b", "../../etc", "DE"])
def test_what_is_not_offered_is_not_chosen(client, code):
    answer = client.post("/language", {"language": code, "next": "/login"})
    assert answer["Location"] == "/login"
    assert COOKIE not in answer.cookies


def test_no_other_site_chooses(db):
    answer = Client(enforce_csrf_checks=True).post("/language", {"language": "de", "next": "/login"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert COOKIE not in answer.cookies


def test_whoever_opens_the_address_sees_a_page(client):
    page = client.get("/language", headers={"Accept": "text/html"})
    assert page.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert b"<h1>" in page.content


def test_a_choice_goes_to_the_account_and_from_there_to_other_browsers(client):
    User.objects.create_user("person@example.org", PASSWORD, verified_by="link")
    entered = {"email": "person@example.org", "password": PASSWORD}
    client.post("/login", entered)
    assert User.objects.get().language == ""
    client.post("/language", {"language": "de", "next": "/account"})
    assert User.objects.get().language == "de"
    elsewhere = Client()
    assert spoken(elsewhere.get("/login")) == "en"
    assert elsewhere.post("/login", entered).cookies[COOKIE].value == "de"
    assert spoken(elsewhere.get("/account")) == "de"


def test_a_choice_of_nobody_is_nobodys(client):
    User.objects.create_user("person@example.org", PASSWORD, verified_by="link")
    client.post("/language", {"language": "de", "next": "/login"})
    assert User.objects.get().language == ""


def test_one_language_is_no_choice(client, settings):
    settings.LANGUAGES = [("de", "Deutsch")]
    settings.LANGUAGE_CODE = "de"
    page = client.get("/login", headers={"Accept-Language": "en"})
    assert spoken(page) == "de"
    assert 'class="languages"' not in page.content.decode()
    assert client.post("/language", {"language": "en"}).cookies.get(COOKIE) is None


def test_a_project_that_names_no_languages_gets_ours(settings):
    settings.LANGUAGES = global_settings.LANGUAGES
    assert languages.offered() == {"en": "English", "de": "Deutsch"}


def test_without_djangos_middleware_nothing_is_offered(client, settings):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.endswith("LocaleMiddleware")]
    page = client.get("/login", headers=GERMAN)
    assert spoken(page) == "en"
    assert 'class="languages"' not in page.content.decode()
