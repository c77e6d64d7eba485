"""Everything works mounted below /id/: no page and no mail leads to the root of the site."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Session, User
from tests.accounts.conftest import PASSWORD
from tests.accounts.pictures import picture
from tests.configure import configure

pytestmark = pytest.mark.django_db
_ADDRESS = re.compile(r'(?:href|action|src)="([^"]*)"')
_ALLOWED = ("/id/", "/static/", "/backoffice/", "#")


@pytest.fixture(autouse=True)
def _mounted(settings, tmp_path):
    settings.ROOT_URLCONF = "tests.accounts.below_a_prefix"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    def call(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    return call


def inside(response, status=200):
    """Every address on the page is ours or the static files'."""
    assert response.status_code == status
    found = _ADDRESS.findall(response.content.decode())
    assert found
    assert [each for each in found if not each.startswith(_ALLOWED)] == []
    return response


def mailed():
    found = re.findall(r"http://testserver(/\S*)", mail.outbox[-1].body)
    assert found
    assert [each for each in found if not each.startswith("/id/")] == []
    return found[0]


def test_the_whole_way_of_a_person(run):
    browser = Client()
    for page in ("login", "register", "password-reset"):
        inside(browser.get(f"/id/{page}"))
    assert browser.get("/id/account")["Location"] == "/id/login?redirect=%2Fid%2Faccount"
    new = {"name": "New", "email": "new@example.org", "password": PASSWORD}
    assert run(browser.post, "/id/register", new)["Location"] == "/id/account"
    link = mailed()
    inside(Client().get(link))
    inside(Client().post(link.partition("?")[0], {"token": link.partition("token=")[2]}), 403)
    inside(browser.get(link))
    inside(browser.post(link.partition("?")[0], {"token": link.partition("token=")[2]}))
    upload = {"picture-image": SimpleUploadedFile("x.png", picture(), "image/png")}
    assert browser.post("/id/account/picture", upload)["Location"] == "/id/account#profile"
    page = inside(browser.get("/id/account")).content.decode()
    (shown,) = re.findall(r'src="(/id/uploads/profiles/[^"]+)"', page)
    assert b"".join(browser.get(shown).streaming_content).startswith(b"RIFF")
    assert browser.post("/id/account/name", {"name-name": "Other"})["Location"] == "/id/account#profile"
    inside(browser.post("/id/account/name", {"name-name": ""}), 400)
    asked = {"email-new_email": "other@example.org", "email-password": PASSWORD}
    assert run(browser.post, "/id/account/email", asked)["Location"] == "/id/account#email"
    inside(Client().get(mailed()))
    assert browser.post("/id/logout")["Location"] == "/id/login"
    assert browser.post("/id/login", {"email": "new@example.org", "password": PASSWORD})["Location"] == "/id/account"


def test_forgotten_password(run, person):
    run(Client().post, "/id/password-reset", {"email": person.email})
    link = mailed()
    inside(Client().get(link))
    data = {"token": link.partition("token=")[2], "new": "a brand new password"}
    inside(Client().post(link.partition("?")[0], data))
    inside(Client().get(link), 400)


def test_every_mail_leads_inside(run, person):
    User.objects.update(password="!")
    run(Client().post, "/id/password-reset", {"email": person.email})
    assert mailed() == "/id/login"


def test_administration_at_another_path(person):
    chief = User.objects.create_superuser("chief@example.org", PASSWORD)
    browser = Client()
    login = browser.get("/backoffice/")["Location"]
    assert browser.get(login)["Location"] == "/id/login?redirect=/backoffice/"
    browser.post("/id/login", {"email": person.email, "password": PASSWORD})
    inside(browser.get("/id/login?redirect=/backoffice/"), 403)
    browser.post("/id/logout")
    signed_in = browser.post("/id/login?redirect=/backoffice/", {"email": chief.email, "password": PASSWORD})
    assert signed_in["Location"] == "/backoffice/"
    assert b"/id/account" in browser.get("/id/account").content
    Session.objects.create(
        user=person, kind="web", device="x", method="password", started_at=chief.created_at,
        authenticated_at=chief.created_at, last_seen_at=chief.created_at, expires_at=chief.created_at,
    )  # fmt: skip
    gone = browser.post(f"/backoffice/accounts/user/{person.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()


def test_tokens_and_pictures_of_the_api(api, person, settings):
    configure(settings, RATE_LIMITS=False)
    body = {"email": person.email, "password": PASSWORD}
    pair = api.client.post("/id/api/auth/login", body, content_type="application/json").json()
    User.objects.update(avatar="profiles/mine-mine-mine-mine.webp", avatar_source="upload")
    me = api.client.get("/id/api/auth/me", headers={"authorization": f"Bearer {pair['access_token']}"}).json()
    assert me["profileImage"] == "/id/uploads/profiles/mine-mine-mine-mine.webp"
