"""A project with users of its own, with integer keys, in an app called `accounts`: it takes the sign-in through
providers alone, as docs/install.md says. What needs accounts of ours is not there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
FILES = Path(__file__).parent / "projects" / "people"
NOBODY = "00000000-0000-4000-8000-000000000000"
PASSWORD = "a good pass phrase"
# Lines of the page's settings that nothing breaks without: they say where Django's own redirects lead.
CHOICES = ("LOGIN_URL", "LOGIN_REDIRECT_URL", "ModelBackend")


@pytest.fixture(scope="module")
def host(built: Wheels, folder: Path, toolkit: Toolkit) -> Iterator[Host]:
    drivers = ["postgres"] if Host.wants_postgres() else []
    host = Host(folder / "club", Environment(built, extras=["oidc", *drivers]).prepare(), package="club")
    host.take(FILES)
    host.paste(host.settings, page.block(PAGE, '"oidc_login.middleware.ProviderSessionMiddleware"'))
    host.take_settings(FILES)
    (host.folder / "shop").mkdir()
    (host.folder / "shop" / "people.py").write_text(page.block(PAGE, "class People("), encoding="utf-8")
    host.paste(host.urls, page.block(PAGE, 'path("", include("oidc_login.urls"))'))
    toolkit.start()
    toolkit.serve(host.url)
    host.manage("makemigrations", "accounts")
    host.manage("migrate", "--verbosity", "0")
    host.serve(**as_variables(toolkit))
    yield host
    host.close()


@pytest.fixture
def person(host: Host, toolkit: Toolkit) -> Person:
    return Person(host, toolkit)


def test_our_accounts_are_not_installed_and_the_projects_own_are(host: Host) -> None:
    installed = set(host.environment.installed())
    assert {"fairlead", "mozilla-django-oidc"} <= installed
    assert not installed & {"fairlead-accounts", "argon2-cffi", "django-axes", "pillow", "redis"}
    assert host.python("import accounts; answer = accounts.__file__") == str(host.folder / "accounts" / "__init__.py")


def test_the_project_is_clean(host: Host) -> None:
    assert "System check identified no issues" in host.manage("check")
    assert "No changes detected" in host.manage("makemigrations", "--check", "--dry-run")
    codes = set(re.findall(r"\((\w+)\.[EW]\d+\)", host.manage("check", "--deploy")))
    assert codes <= {"security"}


def test_forget_any_line_of_the_page_and_check_tells_it(host: Host) -> None:
    block = page.block(PAGE, '"oidc_login.middleware.ProviderSessionMiddleware"')
    lines = [line for line in forgetting.lines(block) if not any(each in line for each in CHOICES)]
    assert len(lines) >= 9
    assert forgetting.silent(host, lines) == []


def test_somebody_new_comes_in_through_the_provider(host: Host, person: Person) -> None:
    person.provider.person("new@example.org", name="New Person")
    shown = person.ends_at(person.sign_in("new@example.org"), "/account/providers")
    assert "Demo provider" in shown
    assert "Unlink" in shown
    made = host.python(
        "from django.contrib.auth import get_user_model\n"
        "user = get_user_model().objects.get(email='new@example.org')\n"
        "answer = [type(user.pk).__name__, user.has_usable_password(), user.points]"
    )
    assert made == ["int", False, 0]
    again = Person(host, person.provider)
    again.ends_at(again.sign_in("new@example.org"), "/account/providers")
    assert (
        host.python(
            "from django.contrib.auth import get_user_model\n"
            "answer = get_user_model().objects.filter(email='new@example.org').count()"
        )
        == 1
    )


def make_user(host: Host, name: str, **columns: Any) -> int:
    return int(
        host.python(
            "from django.contrib.auth import get_user_model\n"
            f"user = get_user_model().objects.create_user({name!r}, '{name}@example.org', {PASSWORD!r}, **{columns!r})\n"
            "answer = user.pk"
        )
    )


def test_the_owner_of_an_address_takes_its_account_and_the_password_that_was_not_theirs_goes(
    host: Host, person: Person
) -> None:
    known = make_user(host, "bob")
    person.provider.person("bob@example.org", name="Bob")
    person.ends_at(person.sign_in("bob@example.org"), "/account/providers")
    linked = host.python(
        "from oidc_login.models import Identity\n"
        "row = Identity.objects.get(user__email='bob@example.org')\n"
        "answer = [row.user_id, row.user.has_usable_password()]"
    )
    assert linked == [known, False]


def test_an_unproven_address_of_the_provider_asks_for_the_password(host: Host, person: Person) -> None:
    make_user(host, "carol")
    person.provider.person("carol@example.org", name="Carol", email_verified=False)
    asked = person.ends_at(person.sign_in("carol@example.org"), "/login")
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked))
    wrong = person.call("POST", "/login/link", data={**form, "password": "wrong"}, headers={"Referer": person.origin})
    assert wrong.status_code == 400
    right = person.call("POST", "/login/link", data={**form, "password": PASSWORD}, headers={"Referer": person.origin})
    person.ends_at(person.follow(right), "/account/providers")


def test_link_and_unlink(host: Host, person: Person) -> None:
    person.provider.person("dora@example.org", name="Dora")
    person.ends_at(person.sign_in("dora@example.org"), "/account/providers")
    unlink = _unlink_path(person)
    kept = person.follow(person.submit("/account/providers", at=unlink))
    assert "Unlink" in person.ends_at(kept, "/account/providers")
    host.python(
        "from django.contrib.auth import get_user_model\n"
        "user = get_user_model().objects.get(email='dora@example.org')\n"
        f"user.set_password({PASSWORD!r}); user.save()"
    )
    # A new password ends the session that came by the old one; so does Django's own.
    person = Person(host, person.provider)
    person.ends_at(person.sign_in("dora@example.org"), "/account/providers")
    gone = person.follow(person.submit("/account/providers", at=_unlink_path(person)))
    assert "Link Demo provider" in person.ends_at(gone, "/account/providers")
    sent = person.submit("/account/providers", at="/account/providers/link")
    back = person.return_from_page(sent, "dora@example.org")
    assert "Unlink" in person.ends_at(back, "/account/providers")


def _unlink_path(person: Person) -> str:
    (path,) = re.findall(r'action="(/account/providers/[0-9a-f-]+/unlink)"', person.page("/account/providers"))
    return str(path)


def test_signing_out_here_and_at_the_provider(host: Host, person: Person) -> None:
    person.provider.person("erik@example.org", name="Erik")
    person.sign_in("erik@example.org")
    left = person.submit("/account/providers", at="/logout/provider")
    assert left.status_code == 200
    assert f"{person.provider.origin}/o/logout" in left.text
    assert person.get("/account/providers").status_code == 302


def test_an_ended_session_is_ended_in_its_browser(host: Host, person: Person) -> None:
    person.provider.person("fred@example.org", name="Fred")
    person.sign_in("fred@example.org")
    assert person.get("/account/providers").status_code == 200
    host.python("from oidc_login.models import ProviderSession\nProviderSession.objects.all().delete()")
    assert person.get("/account/providers").status_code == 302


def refusals(host: Host, provider: Toolkit) -> Iterator[tuple[str, int, Any]]:
    """What is asked of the wing's own doors, the status, and the answer."""
    program = host.visitor()
    yield "what is configured", 200, program.get("/api/auth/oidc/config")
    yield "another method", 405, program.call("POST", "/api/auth/oidc/config", {})
    yield "a redirect to elsewhere", 400, program.get("/api/auth/oidc/initiate?redirect=https://evil.example.org")
    yield "a provider that is not there", 404, program.get("/api/auth/oidc/initiate?provider=nobody")
    yield "a ticket nobody gave", 302, program.get("/api/auth/oidc/initiate?link=invented")
    for path in ("exchange", "exchange/mobile", "link"):
        yield path, 404, program.call("POST", f"/api/auth/oidc/{path}", {"code": "x"})
    yield "identities", 404, program.get("/api/auth/identities")
    yield "identities, with a token", 404, program.get("/api/auth/identities", bearer="invented")
    yield "an identity", 404, program.call("DELETE", f"/api/auth/identities/{NOBODY}")
    yield "link from inside", 404, program.call("POST", "/api/auth/identities/link", {"provider": "default"})
    for path in ("register", "me", "refresh", "sessions"):
        yield path, 404, program.get(f"/api/auth/{path}")
    yield "a state nobody sent", 302, program.get("/api/auth/oidc/callback?code=x&state=y")
    yield "no state", 302, program.get("/api/auth/oidc/callback")
    yield "the provider's error", 302, program.get("/api/auth/oidc/callback?error=access_denied&state=y")
    yield "another's page", 302, program.get("/account/providers")
    yield "a form without its token", 403, program.call("POST", "/account/providers/link", data={"provider": "default"})
    yield "the address of a form", 302, program.get("/account/providers/link")
    yield "a code nobody gave", 302, program.get("/login?code=invented")
    yield (
        "an error in the address",
        200,
        program.get("/login?error=state_invalid&error_id=0123456789abcdef0123456789abcdef"),
    )
    yield "a link nobody mailed", 200, program.get("/signin-link#invented")


def test_every_refusal_and_alike_whatever_the_project_set_for_its_own_views(host: Host, toolkit: Toolkit) -> None:
    seen = []
    for foreign in ("", "yes"):
        host.serve(**as_variables(toolkit), FOREIGN=foreign)
        found = []
        for label, status, answer in refusals(host, toolkit):
            assert answer.status_code == status, f"{label}: {answer.status_code} {answer.text[:500]}"
            body = re.sub(r'"requestId": ?"\w*"|value="\w{64}"', "", answer.text)
            found.append((label, answer.headers.get("Content-Type"), body))
            if answer.headers["Content-Type"] == "application/problem+json":
                assert answer.json()["requestId"], label
            if answer.is_redirect:
                assert "error_id=&" not in f"{answer.headers['Location']}&", label
                assert "/login" in answer.headers["Location"], label
                assert host.visitor().follow(answer).status_code == 200, label
        seen.append(found)
    for under_foreign, under_own in zip(*reversed(seen), strict=True):
        assert under_foreign == under_own


def test_too_many_tries_are_told_when_to_come_back(host: Host) -> None:
    program = host.visitor()
    for _ in range(121):
        answer = program.get("/api/auth/oidc/initiate?provider=nobody")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer.headers["Retry-After"]) >= 1
    host.python("from fairlead.web.models import AttemptCounter\nAttemptCounter.objects.all().delete()")


def test_a_provider_that_is_down_is_told_on_the_sign_in_page(host: Host, toolkit: Toolkit) -> None:
    toolkit.stop()
    try:
        know_nothing(host, toolkit)
        person = Person(host, toolkit)
        shown = person.follow(person.get("/api/auth/oidc/initiate"))
        assert "error=provider_" in shown.url
        assert "Demo provider" in person.ends_at(shown, "/login")
    finally:
        toolkit.start()
        know_nothing(host, toolkit)


def know_nothing(host: Host, toolkit: Toolkit) -> None:
    """Start the host anew as if it had never asked the provider."""
    host.python("from fairlead.idtokens.models import RemoteDocument\nRemoteDocument.objects.all().delete()")
    host.serve(**as_variables(toolkit))


def test_the_admin_shows_what_this_wing_has(host: Host, toolkit: Toolkit) -> None:
    make_user(host, "root", is_staff=True, is_superuser=True)
    toolkit.person("gone@example.org", name="Gone")
    leaving = Person(host, toolkit)
    leaving.sign_in("gone@example.org")
    root = Visitor(host.url)
    signed_in = root.submit("/admin/login/?next=/admin/", {"username": "root", "password": PASSWORD})
    assert signed_in.headers["Location"] == "/admin/"
    index = root.page("/admin/")
    pages = sorted(set(re.findall(r'href="(/admin/(?:fairlead_\w+|oidc_login|accounts)/\w+/)"', index)))
    assert len(pages) >= 5, pages
    for each in pages:
        root.page(each)
    assert "Demo provider" in root.page("/admin/oidc_login/provider/")
    root.page("/admin/oidc_login/provider/add/")
    root.page("/admin/oidc_login/provider/try/default/")
    user = host.python(
        "from django.contrib.auth import get_user_model\n"
        "answer = get_user_model().objects.get(email='gone@example.org').pk"
    )
    assert "Are you sure" in root.page(f"/admin/accounts/user/{user}/delete/")
    assert root.submit(f"/admin/accounts/user/{user}/delete/", {"post": "yes"}).status_code == 302
    assert leaving.get("/account/providers").status_code == 302


def test_nothing_of_it_was_a_fault_of_ours(host: Host, toolkit: Toolkit) -> None:
    assert "/api/auth/oidc/callback" in host.log
    assert host.faults() == []
    assert toolkit.client_secret not in host.log
