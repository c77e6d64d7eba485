"""Whose pages these are: the settings say it, and a project's own templates say it better."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from hypothesis import example, given
from hypothesis import strategies as st

from fairlead.conf import check
from fairlead.web import brand
from fairlead.web.brand import Color
from tests.accounts.conftest import PASSWORD
from tests.configure import configure

NAME = "Smith & <b>Sons</b>"
ESCAPED = "Smith &amp; &lt;b&gt;Sons&lt;/b&gt;"
TEMPLATES = [
    each
    for package in ("accounts", "fairlead", "oidc_login", "sdkclients", "userpools", "templates")
    for each in (Path(__file__).parents[2] / package).rglob("*.html")
]


def _page(client, path):
    return client.get(path, headers={"Accept": "text/html"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/login", "/register", "/password-reset", "/verify-email?token=x", "/nowhere", "/problems"]
)
def test_every_page_says_whose_it_is_and_its_name_is_no_markup(client, settings, path):
    configure(settings, SITE_NAME=NAME)
    page = _page(client, path)
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    assert re.fullmatch(rf"\S.* · {re.escape(ESCAPED)}", title)
    assert f"{ESCAPED}</a>" in page
    assert "<b>Sons" not in page


def test_no_page_writes_a_title_of_its_own_past_the_base():
    own = {each.name for each in TEMPLATES if "<title>" in each.read_text(encoding="utf-8")}
    assert own == {"base.html", "api_docs.html", "chart.html"}  # of a picture


@pytest.mark.django_db
def test_terms_privacy_and_help_stand_below_every_page_where_they_are_set(client, settings):
    settings.LANGUAGES = [("en", "English")]  # else the choice of a language stands there
    assert "<footer" not in _page(client, "/login")
    configure(settings, TERMS_URL="/terms", SUPPORT_URL="mailto:help@example.org")
    page = _page(client, "/login")
    assert 'href="/terms"' in page
    assert 'href="mailto:help@example.org"' in page
    assert "Privacy" not in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "terms"])
@pytest.mark.parametrize("key", ["TERMS_URL", "PRIVACY_URL", "SUPPORT_URL"])
def test_a_link_that_is_no_address_is_an_error_of_check(settings, key, address):
    configure(settings, **{key: address})
    (fault,) = check(None)
    assert key in fault.msg


@pytest.mark.parametrize("name", ["", "  ", "Shop\nBcc: victim@example.org", "Shop\rx"])
def test_a_name_that_would_break_a_mail_is_an_error_of_check(settings, name):
    configure(settings, SITE_NAME=name)
    (fault,) = check(None)
    assert "SITE_NAME" in fault.msg


@pytest.mark.django_db
def test_a_project_shows_its_own_brand(client, settings, tmp_path):
    (tmp_path / "fairlead").mkdir()
    (tmp_path / "fairlead" / "brand.html").write_text("<a class='ours'>The shop of {{ site.name }}</a>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    page = _page(client, "/login")
    assert "<a class='ours'>The shop of Fairlead</a>" in page
    assert 'class="brand"' not in page


@pytest.mark.django_db
def test_a_project_fills_the_blocks_of_the_base(client, settings, tmp_path):
    (tmp_path / "fairlead").mkdir()
    (tmp_path / "fairlead" / "base.html").write_text(
        '{% extends "fairlead/base.html" %}{% block site_name %}Shop{% endblock %}'
        "{% block brand %}<b>ours</b>{% endblock %}{% block footer %}<i>below</i>{% endblock %}"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    page = _page(client, "/login")
    assert " · Shop</title>" in page
    assert "<b>ours</b>" in page
    assert "<i>below</i>" in page
    assert 'type="password"' in page


@pytest.mark.django_db(transaction=True)
def test_mails_name_the_site_as_it_calls_itself(client, settings):
    configure(settings, SITE_NAME="Smith & Sons")
    client.post("/register", {"name": "A", "email": "a@example.org", "password": PASSWORD})
    (sent,) = mail.outbox
    assert sent.subject == "Confirm your e-mail address at Smith & Sons"
    assert "&amp;" not in sent.body
    assert "http://testserver/verify-email?token=" in sent.body


@pytest.mark.django_db
def test_logo_and_colour_of_the_site_stand_on_every_page(client, settings):
    page = _page(client, "/login")
    assert "brand.css" not in page
    assert "fairlead.svg" in page
    configure(settings, SITE_LOGO="/static/logo.svg", SITE_COLOR="#0b5fff")
    page = _page(client, "/login")
    assert page.count('"/static/logo.svg"') == 2
    assert "fairlead.svg" not in page
    (address,) = re.findall(r'href="(/brand\.css\?[^"]+)"', page)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "#0b5fff" in answer.content.decode()


@pytest.mark.django_db
def test_the_admin_has_logo_and_colour_too(client, settings, django_user_model):
    staff = django_user_model.objects.create_superuser("admin@example.org", PASSWORD)
    client.force_login(staff, backend="accounts.backends.PasswordBackend")
    configure(settings, SITE_LOGO="/static/logo.svg", SITE_COLOR="#0b5fff")
    page = _page(client, "/admin/")
    assert '"/static/logo.svg"' in page
    (address,) = re.findall(r'href="(/brand-admin\.css\?[^"]+)"', page)
    assert "--link-fg: #0b5fff;" in client.get(address).content.decode()


COLORS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLORS)
@example("#ffffff")
@example("#000000")
@example("#777777")
def test_text_of_any_colour_can_be_read_on_every_ground(color):
    sheet = brand.style_sheet(color)
    found = re.findall(r"--accent: (\S+); --accent-strong: (\S+); --on-accent: (\S+);", sheet)
    for (accent, strong, on), grounds in zip(found, (brand.LIGHT, brand.DARK), strict=True):
        for each in grounds:
            assert Color.of(accent).contrast(Color.of(each)) >= 4.5
            assert Color.of(strong).contrast(Color.of(each)) >= 4.5
        assert Color.of(on).contrast(Color.of(accent)) >= 4.5
        assert Color.of(on).contrast(Color.of(strong)) >= 4.5


def test_the_grounds_are_those_of_the_style_sheet():
    sheet = Path(finders.find("fairlead/fairlead.css")).read_text(encoding="utf-8")
    grounds = re.findall(r"--ground: (\S+);\s+--card: (\S+);", sheet)
    assert [(card, ground) for ground, card in grounds] == [brand.LIGHT, brand.DARK]


@pytest.mark.parametrize(("color", "said"), [("#0b5c7a", None), ("#ffcc00", "hardly be read"), ("", None)])
def test_a_colour_that_can_hardly_be_read_is_told_with_one_that_can(settings, color, said):
    configure(settings, SITE_COLOR=color)
    found = brand.color_can_be_read_and_is_served(None)
    if said is None:
        assert found == []
    else:
        (warning,) = found
        assert said in warning.msg
        (nearest,) = re.findall(r'SITE_COLOR="(#\w+)"', warning.hint)
        configure(settings, SITE_COLOR=nearest)
        assert brand.color_can_be_read_and_is_served(None) == []


@pytest.mark.urls("tests.web.urls_without_brand")
def test_a_colour_without_an_address_is_told(settings):
    configure(settings, SITE_COLOR="#0b5c7a")
    (warning,) = brand.color_can_be_read_and_is_served(None)
    assert 'include("fairlead.web.urls")' in warning.hint


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mailto:help@example.org", "Help: help@example.org"),
        ("/help", "Help: http://testserver/help"),
        ("https://www.example.org/help", "Help: https://www.example.org/help"),
        ("", None),
    ],
)
def test_a_mail_says_where_help_is(client, settings, django_capture_on_commit_callbacks, address, said):
    configure(settings, SUPPORT_URL=address)
    with django_capture_on_commit_callbacks(execute=True):
        body = {"email": "new@example.org", "password": PASSWORD, "name": "New"}
        assert client.post("/api/auth/register", body, content_type="application/json").status_code == 201
    (mailed,) = mail.outbox
    if said:
        assert mailed.body.rstrip().endswith(f"\n{said}")
    else:
        assert "Help" not in mailed.body
