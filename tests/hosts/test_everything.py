"""A project that takes everything, under /id/, with a base.html of its own: as docs/install.md says for accounts of
ours. Our pages end the sign-in; there is no front end."""

import re
import time
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.hosts import forgetting, page
from tests.hosts.environment import Environment
from tests.hosts.host import Host
from tests.hosts.provider_of import as_variables
from tests.hosts.sign_in import Person
from tests.hosts.visitor import Visitor
from tests.hosts.wheels import Wheels
from tests.providers.toolkit import Toolkit

pytestmark = pytest.mark.hosts
PAGE = "docs/install.md"
FILES = Path(__file__).parent / "projects" / "everything"
NOBODY = "00000000-0000-4000-8000-000000000000"
PASSWORD = "a good pass phrase"
ANOTHER = "another good pass phrase"
API = "/id/api/auth"
OPEN_SESSIONS = "accounts.middleware.OpenSessionMiddleware"


@pytest.fixture(scope="module")
def host(built: Wheels, folder: Path, toolkit: Toolkit) -> Iterator[Host]:
    drivers = ["postgres"] if Host.wants_postgres() else []
    environment = Environment(built, extras=["oidc", *drivers], accounts=True).prepare()
    host = Host(folder / "portal", environment, package="portal")
    host.take(FILES)
    host.paste(host.settings, page.block(PAGE, 'AUTH_USER_MODEL = "accounts.User"'))
    host.take_settings(FILES)
    host.paste(host.urls, page.block(PAGE, 'include("accounts.urls")'))
    toolkit.start()
    toolkit.serve(f"{host.url}/id")
    host.manage("migrate", "--verbosity", "0")
    host.serve(**as_variables(toolkit))
    yield host
    host.close()


@pytest.fixture
def person(host: Host, toolkit: Toolkit) -> Person:
    return Person(host, toolkit, prefix="/id")


@pytest.fixture
def program(host: Host) -> Visitor:
    host.python("from fairlead.web.models import AttemptCounter\nAttemptCounter.objects.all().delete()")
    return host.visitor()


def mailed(host: Host, address: str, holding: str) -> str:
    """The address in the newest mail to somebody that holds this."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for file in sorted((host.folder / "mails").glob("*"), key=lambda each: each.stat().st_mtime, reverse=True):
            for text in file.read_text(encoding="utf-8").split("-" * 79):
                mail = message_from_string(text.strip())
                plain = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
                found = re.findall(r"\S*" + re.escape(holding) + r"\S+", plain.get_payload(decode=True).decode())
                if mail["To"] == address and found:
                    return str(found[0])
        time.sleep(0.1)
    raise AssertionError(f"No mail to {address} holds {holding}:\n{host.log[-3000:]}")


def register(program: Visitor, email: str) -> dict[str, Any]:
    """A new account; the answer of its first sign-in."""
    made = program.call("POST", f"{API}/register", {"email": email, "password": PASSWORD, "name": "Somebody"})
    assert made.status_code in {201, 202}, made.text
    answer = program.call("POST", f"{API}/login", {"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_project_is_clean(host: Host) -> None:
    assert "System check identified no issues" in host.manage("check")
    assert "No changes detected" in host.manage("makemigrations", "--check", "--dry-run")
    codes = set(re.findall(r"\((\w+)\.[EW]\d+\)", host.manage("check", "--deploy")))
    assert codes <= {"security"}


def test_without_the_middleware_of_open_sessions_check_names_the_line(host: Host) -> None:
    kept = host.settings.read_text(encoding="utf-8")
    host.replace(host.settings, f'MIDDLEWARE += ["{OPEN_SESSIONS}"]', "")
    said = host.manage("check", fails=True)
    assert "accounts.E005" in said
    (line,) = re.findall(r'"accounts\.middleware\.OpenSessionMiddleware",', said)
    behind = '"django.contrib.auth.middleware.AuthenticationMiddleware",'
    host.replace(host.settings, behind.replace('"', "'"), f"{behind} {line}")
    assert "System check identified no issues" in host.manage("check")
    host.settings.write_text(kept, encoding="utf-8")


def test_forget_any_line_of_the_page_and_check_tells_it(host: Host) -> None:
    choices = ("LOGIN_", "LOGOUT_", "MEDIA_ROOT", "rest_framework", '"oidc_login"', "sdkclients")
    block = page.block(PAGE, 'AUTH_USER_MODEL = "accounts.User"')
    lines = [line for line in forgetting.lines(block) if not any(each in line for each in choices)]
    assert len(lines) >= 11
    assert forgetting.silent(host, lines) == []


PAGES = {"login": 200, "register": 200, "password-reset": 200, "signin-link": 200, "verify-email": 400}


def test_our_pages_keep_their_content_beside_the_projects_own_base(host: Host, person: Person) -> None:
    for path, status in PAGES.items():
        shown = person.page(f"/id/{path}", status=status)
        assert "the portal's own frame" not in shown, path
        assert 'id="main"' in shown, path
        assert not re.findall(r'(?:href|action)="/(?!id/|static/|#)[^"]*"', shown), path


def test_somebody_registers_on_the_pages_and_follows_the_mailed_link(host: Host, person: Person) -> None:
    form = {"email": "gina@example.org", "password": PASSWORD, "name": "Gina"}
    made = person.follow(person.submit("/id/register", form))
    assert made.status_code == 200, made.text
    link = mailed(host, "gina@example.org", "/id/verify-email")
    assert link.startswith(f"{host.url}/id/verify-email")
    person.page("/id/account")
    devices = person.page("/id/account")
    assert "gina@example.org" in devices
    out = person.submit("/id/account", at="/id/logout")
    assert out.status_code == 302
    assert person.get("/id/account").status_code == 302
    back = person.follow(person.submit("/id/login", {"email": "gina@example.org", "password": PASSWORD}))
    assert "gina@example.org" in person.ends_at(back, "/id/account")


def test_somebody_comes_through_the_provider_and_links_and_unlinks(host: Host, person: Person) -> None:
    person.provider.person("hal@example.org", name="Hal", picture=True)
    shown = person.ends_at(person.sign_in("hal@example.org"), "/id/account")
    assert "Demo provider" in shown
    (picture,) = set(re.findall(r'"(/id/uploads/profiles/[^"]+)"', shown))
    assert person.get(picture).status_code == 200
    unlink = re.findall(r'action="(/id/account/providers/[0-9a-f-]+/unlink)"', shown)
    kept = person.follow(person.submit("/id/account", at=unlink[0]))
    assert unlink[0] in person.ends_at(kept, "/id/account")
    left = person.submit("/id/account", at="/id/logout/provider")
    assert f"{person.provider.origin}/o/logout" in left.text


def test_an_administrator_finds_the_pages(host: Host, toolkit: Toolkit) -> None:
    host.python(
        "from django.contrib.auth import get_user_model\n"
        f"get_user_model().objects.create_superuser('root@example.org', {PASSWORD!r})"
    )
    root = Visitor(host.url)
    shown = root.submit("/admin/login/?next=/admin/", {"username": "root@example.org", "password": PASSWORD})
    assert shown.headers.get("Location") == "/admin/", re.findall(r'class="errornote".*?</p>', shown.text, re.DOTALL)
    index = root.page("/admin/")
    pages = sorted(set(re.findall(r'href="(/admin/\w+/\w+/)"', index)))
    assert len(pages) >= 10, pages
    for each in pages:
        root.page(each)
    person = Person(host, toolkit, prefix="/id")
    toolkit.person("ida@example.org", name="Ida")
    person.sign_in("ida@example.org")
    user = host.python(
        "from django.contrib.auth import get_user_model\n"
        "answer = str(get_user_model().objects.get(email='ida@example.org').pk)"
    )
    root.page(f"/admin/accounts/user/{user}/change/")
    assert "Are you sure" in root.page(f"/admin/accounts/user/{user}/delete/")
    assert root.submit(f"/admin/accounts/user/{user}/delete/", {"post": "yes"}).status_code == 302
    assert person.get("/id/account").status_code == 302


def calls(host: Host, program: Visitor, toolkit: Toolkit, name: str) -> Iterator[tuple[str, int, Any]]:
    """Every success and every refusal of the people's API, and that a member has the organizations' one."""
    email = f"{name}@example.org"
    yield "how one registers", 200, program.get(f"{API}/registration-mode")
    yield "what is configured", 200, program.get(f"{API}/oidc/config")
    tokens = register(program, email)
    access, refresh = tokens["access_token"], tokens["refresh_token"]
    yield "me", 200, program.get(f"{API}/me", bearer=access)
    yield "change the name", 200, program.call("PATCH", f"{API}/profile", {"name": "New"}, bearer=access)
    yield "sessions", 200, program.get(f"{API}/sessions", bearer=access)
    yield "identities", 200, program.get(f"{API}/identities", bearer=access)
    yield "begin a link", 200, program.call("POST", f"{API}/identities/link", {"provider": "default"}, bearer=access)
    renewed = program.call("POST", f"{API}/refresh", {"refresh_token": refresh})
    yield "refresh", 200, renewed
    yield "no such organization", 404, program.get("/id/org/userPool", bearer=access)
    made = host.printed("create_organization", f"{name}'s", "--admin", email)
    yield "as a member", 200, program.get("/id/org/userPool", bearer=access)
    yield "named", 200, program.get("/id/org/userPool", bearer=access, headers={"X-Organization-Id": made})
    pool = program.call("POST", "/id/org/userPool", {"name": "Hosted"}, bearer=access)
    yield "a pool", 201, pool
    document = program.get(f"/id/pools/{pool.json()['id']}/.well-known/openid-configuration")
    yield "its document", 200, document
    assert program.get(document.json()["jwks_uri"]).status_code == 200
    assert program.get(f"{document.json()['issuer']}/.well-known/openid-configuration").json() == document.json()
    asked = {"userPoolId": pool.json()["id"], "appUserId": "user-1"}
    issued = program.call("POST", "/id/org/appUserIdToken", asked, bearer=access)
    yield "a token of it", 201, issued
    yield "an app user", 200, program.get("/id/app/me", bearer=issued.json()["appUserIdToken"])
    yield "no token", 401, program.get(f"{API}/me")
    yield "a bad token", 401, program.get(f"{API}/me", bearer="eyJ.e30.x")
    yield "an app user's token", 401, program.get(f"{API}/me", bearer=issued.json()["appUserIdToken"])
    yield "a wrong password", 401, program.call("POST", f"{API}/login", {"email": email, "password": "wrong"})
    yield "nobody's", 401, program.call("POST", f"{API}/login", {"email": "x@example.org", "password": "wrong"})
    yield "a bad refresh token", 401, program.call("POST", f"{API}/refresh", {"refresh_token": "flr_x"})
    yield (
        "taken",
        409,
        program.call("POST", f"{API}/register", {"email": email, "password": PASSWORD, "name": "Another"}),
    )
    yield (
        "a weak password",
        400,
        program.call("POST", f"{API}/register", {"email": "weak@example.org", "password": "12345678", "name": "Weak"}),
    )
    yield "no address", 400, program.call("POST", f"{API}/register", {"email": "no", "password": PASSWORD, "name": "N"})
    yield "a repeated member", 400, program.call("POST", f"{API}/login", b'{"email": "a", "email": "b"}')
    yield "a form", 415, program.call("POST", f"{API}/login", data={"email": "a"})
    yield "another method", 405, program.get(f"{API}/login")
    yield "somebody else's identity", 404, program.call("DELETE", f"{API}/identities/{NOBODY}", bearer=access)
    yield "somebody else's session", 404, program.call("DELETE", f"{API}/sessions/{NOBODY}", bearer=access)
    yield "a code nobody gave", 400, program.call("POST", f"{API}/oidc/exchange", {"code": "invented"})
    yield (
        "a link nobody asked for",
        400,
        program.call("POST", f"{API}/oidc/link", {"link_code": "invented", "password": "x"}),
    )
    yield "a redirect to elsewhere", 400, program.get(f"{API}/oidc/initiate?redirect=https://evil.example.org")
    yield "a mailed link nobody mailed", 400, program.call("POST", f"{API}/email/verify", {"token": "invented"})
    changed = {"currentPassword": PASSWORD, "newPassword": ANOTHER}
    yield "a new password", 204, program.call("POST", f"{API}/change-password", changed, bearer=access)
    yield (
        "sign out",
        204,
        program.call("POST", f"{API}/logout", {"refresh_token": renewed.json()["refresh_token"]}, bearer=access),
    )
    yield "signed out", 401, program.get(f"{API}/me", bearer=access)
    for _ in range(121):
        answer = program.get(f"{API}/oidc/initiate?provider=nobody")
    yield "too many", 429, answer


def test_every_success_and_every_refusal_and_alike_whatever_the_project_set_for_its_own_views(
    host: Host, program: Visitor, toolkit: Toolkit
) -> None:
    seen = []
    for foreign in ("", "yes"):
        host.serve(**as_variables(toolkit), FOREIGN=foreign)
        found = []
        for label, status, answer in calls(host, program, toolkit, f"jo-{foreign or 'no'}"):
            assert answer.status_code == status, f"{label}: {answer.status_code} {answer.text[:800]}"
            if status == 401:
                assert answer.headers["WWW-Authenticate"].startswith("Bearer"), label
            if status == 429:
                assert int(answer.headers["Retry-After"]) >= 1, label
            body = answer.json() if answer.content else None
            assert status < 400 or body["code"], label
            found.append((label, answer.headers.get("Content-Type"), _shape(body)))
        seen.append(found)
        host.python("from fairlead.web.models import AttemptCounter\nAttemptCounter.objects.all().delete()")
    for under_foreign, under_own in zip(*reversed(seen), strict=True):
        assert under_foreign == under_own


def _shape(body: Any) -> Any:
    """Members and kinds of values; of a moment also how it is written."""
    if isinstance(body, dict):
        return {name: _shape(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_shape(each) for each in body]
    if isinstance(body, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", body):
        return "<moment>"
    return type(body).__name__


def test_the_code_of_a_sign_in_becomes_tokens_for_who_began_it(host: Host, program: Visitor, toolkit: Toolkit) -> None:
    toolkit.person("kim@example.org", name="Kim")
    sent = program.get(f"{API}/oidc/initiate?redirect=/reports")
    back = program.get(toolkit.sign_in(sent.headers["Location"], "kim@example.org"))
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert urlsplit(back.headers["Location"]).path == "/id/login"
    answer = program.call("POST", f"{API}/oidc/exchange", {"code": query["code"][0]})
    assert (answer.status_code, answer.json()["redirectUrl"]) == (200, "/reports")
    listed = program.get(f"{API}/identities", bearer=answer.json()["access_token"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", listed.json()[0]["createdAt"])
    last = program.call("DELETE", f"{API}/identities/{listed.json()[0]['id']}", bearer=answer.json()["access_token"])
    assert (last.status_code, last.json()["code"]) == (409, "last_way_in")


def test_nothing_of_it_was_a_fault_of_ours(host: Host, toolkit: Toolkit) -> None:
    assert "/id/api/auth/oidc/callback" in host.log
    assert host.faults() == []
    assert toolkit.client_secret not in host.log
    assert PASSWORD not in host.log
