"""What the database holds opens nothing when it leaks.

Every kind of secret is made through its public door: mailed, issued or shown once. Then every column of every row is
searched for each of them, as it stands, as the JSON or the session that it is, and behind one layer of base64.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from fairlead.credentials import secrets
from fairlead.web.browser_sessions import SessionStore
from fairlead.web.models import OutgoingMail
from tests.accounts.conftest import PASSWORD
from tests.oidc_login.conftest import Browser
from tests.oidc_login.scripted import CLIENT_SECRET
from tests.tenants import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


@pytest.fixture
def minted(monkeypatch) -> list[str]:
    """The plaintext of every opaque secret that is made during the test."""
    seen: list[str] = []
    make = secrets.of_body

    def recording(prefix: str, body: str) -> secrets.Minted:
        made = make(prefix, body)
        seen.append(made.plaintext)
        return made

    monkeypatch.setattr(secrets, "of_body", recording)
    return seen


def columns() -> Iterator[tuple[str, str]]:
    """Table and column, and the text of each value: as it stands and decoded."""
    for model in apps.get_models(include_auto_created=True):
        quoted = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {quoted}")
            names = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    for text in readings(value):
                        yield f"{model._meta.db_table}.{name}", text


def readings(value: Any) -> Iterator[str]:
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        yield raw.decode("latin-1")
        yield raw.hex()
        return
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    yield text
    if session := SessionStore().decode(text):
        yield json.dumps(session)
    for encoded in _ENCODED.findall(text):
        try:
            yield base64.urlsafe_b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)).decode(
                "latin-1"
            )
        except (binascii.Error, ValueError):
            continue


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else {}


def filled(browser: Browser) -> dict[str, str]:
    """Make one of everything, and return the secrets that no `mint` makes, by what they are."""
    found: dict[str, str] = {"password": PASSWORD, "client secret": CLIENT_SECRET}
    api = Client()
    tokens = post(api, "/api/auth/register", {"email": "one@example.org", "password": PASSWORD, "name": "Person"})
    found["access token"] = tokens["access_token"]
    signed_in = {"Authorization": f"Bearer {tokens['access_token']}"}
    rotated = post(api, "/api/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    found["successor of a refresh token"] = rotated["refresh_token"]
    change = {"newEmail": "other@example.org", "password": PASSWORD}
    post(api, "/api/auth/email/change", change, **signed_in)
    post(api, "/api/auth/password-reset", {"email": "one@example.org"})
    web = Client()
    assert web.post("/login", {"email": "one@example.org", "password": PASSWORD}).status_code == 302
    found["session cookie"] = web.cookies[site.SESSION_COOKIE_NAME].value
    begun = browser.initiate()
    found["state"] = re.search(r"[?&]state=([^&]+)", begun)[1]
    # The nonce is kept: it is what an ID token has to repeat, and opens nothing without the state and the cookie.
    ended = browser.sign_in()
    found["exchange code"] = ended["code"]
    browser.sign_in()
    exchanged = browser.exchange(ended["code"])
    found["refresh token"] = exchanged.json()["refresh_token"]
    person = {"Authorization": f"Bearer {exchanged.json()['access_token']}"}
    link = post(browser.client, "/api/auth/identities/link", {"provider": "default"}, **person)
    found["link ticket"] = link["initiateUrl"].partition("link=")[2]
    binding = [each.value for each in browser.client.cookies.values() if each.value and "binding" in each.key]
    found |= {f"binding cookie {n}": value for n, value in enumerate(binding)}
    User.objects.create_superuser("admin@example.org", None)
    out = StringIO()
    call_command("signin_link", "admin@example.org", stdout=out)
    found["sign-in link"] = re.search(r"flo?[a-z]*_\S+|token=(\S+)", out.getvalue())[0].partition("token=")[2]
    tenant = Tenant(Client(), "Acme")
    found["API key"] = tenant.raw_key
    pool = tenant.pool()
    tenant.application(pool["id"])
    made = {"userPoolId": pool["id"], "appUserId": "customer-1"}
    found["app user's token"] = tenant.made("/org/appUserIdToken", made)["appUserIdToken"]
    return found


def hidden(found: dict[str, str], minted: list[str]) -> dict[str, str]:
    """Whole tokens, and the random parts of them that would do: signatures of JWTs, bodies of opaque secrets."""
    whole = {**found, **{f"minted {n}: {value[:4]}": value for n, value in enumerate(minted)}}
    parts = {f"body of {name}": value.partition("_")[2][:43] for name, value in whole.items() if value.startswith("fl")}
    parts |= {
        f"signature of {name}": value.rpartition(".")[2] for name, value in whole.items() if value.count(".") == 2
    }
    return {name: value for name, value in {**whole, **parts}.items() if len(value) >= 12}


def test_no_column_holds_what_was_mailed_issued_or_shown(browser, minted, settings):
    found = filled(browser)
    wanted = hidden(found, minted)
    mailed = set(re.findall(r"token=(\S+)", "".join(each.body for each in mail.outbox)))
    assert {value[:3] for value in minted} >= {"flm", "flr", "flk", "flo", "flt"} - {"flo"}
    assert mailed <= set(minted)
    assert mailed
    held = [(where, name) for where, text in columns() for name, value in wanted.items() if value in text]
    assert held == []


def test_no_column_holds_what_is_in_a_mail_that_waits(client, minted, settings, monkeypatch):
    def hanging(self) -> int:
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", hanging)
    post(client, "/api/auth/register", {"email": "one@example.org", "password": PASSWORD, "name": "Person"})
    assert OutgoingMail.objects.get().state == OutgoingMail.State.WAITING
    wanted = hidden({}, minted)
    assert [(where, name) for where, text in columns() for name, value in wanted.items() if value in text] == []


def test_the_search_finds_what_is_there(browser):
    """The search would be worth nothing if it found nothing: a secret is planted in each of its ways."""
    secret = "flm_planted-secret-that-the-search-must-find"
    user = User.objects.create_user("one@example.org", PASSWORD, name=secret)
    User.objects.create_user("two@example.org", PASSWORD, name=base64.urlsafe_b64encode(secret.encode()).decode())
    web = Client()
    web.force_login(user)
    session = web.session
    session["planted"] = secret
    session.save()
    places = [where for where, text in columns() if secret in text]
    assert sorted(set(places)) == ["accounts_user.name", "django_session.session_data"]
    assert places.count("accounts_user.name") >= 2
