"""A project with Django's own users, a package `config`, an app `audit`, ATOMIC_REQUESTS and the admin elsewhere: it
takes the organizations' side alone, as docs/user-pools.md says, under /id/."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts import forgetting, page, wheels
from tests.hosts.environment import Environment
from tests.hosts.host import Host
from tests.hosts.visitor import Visitor
from tests.hosts.wheels import Wheels
from tests.house import ROOT
from tests.issuer import KeyServer, Signer

pytestmark = pytest.mark.hosts
PAGE = "docs/user-pools.md"
FILES = Path(__file__).parent / "projects" / "tenants"
NOBODY = "00000000-0000-4000-8000-000000000000"
ATOMIC = '"fairlead.web.authenticate_first.AuthenticateFirst"'
FIRST_LINES = re.compile(r"\?: \((\w+\.[EW]\d+)\)")


class Shop:
    """The host, an organization in it, and the issuer of its app users."""

    def __init__(self, host: Host, issuer: KeyServer, name: str) -> None:
        self.host, self.issuer, self.name = host, issuer, name
        self.program = host.visitor()
        self.raw_key = ""
        self.pool_id = ""
        self.client_id = ""

    def org(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        return self.program.call(method, f"/id/org/{path}", body, **{"bearer": self.raw_key, **more})

    def orders(self, token: str = "", *, client: str | None = None, path: str = "/orders") -> Any:
        return self.program.get(path, bearer=token, headers={"X-Client-Id": client or self.client_id})

    def token(self, **members: Any) -> str:
        return self.issuer.issuer.token(**{"aud": "shop", **members})

    def pool(self, **authorization: Any) -> str:
        given = {"jwksUri": self.issuer.jwks_uri, "issuer": self.issuer.issuer.url, "audience": "shop", **authorization}
        answer = self.org("POST", "userPool", {"name": "Customers", "authorization": given})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def application(self, pool_id: str) -> str:
        body = {"name": "Web", "kind": {"application": {"userPoolId": pool_id}}}
        answer = self.org("POST", "sdkClient", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture(scope="module")
def issuer() -> Iterator[KeyServer]:
    with KeyServer(Signer()) as server:
        yield server


@pytest.fixture(scope="module")
def host(built: Wheels, folder: Path) -> Iterator[Host]:
    """Made as the page says, up to the organization's key."""
    drivers = ["postgres"] if Host.wants_postgres() else []
    host = Host(folder / "shop", Environment(built, extras=drivers).prepare(), package="config")
    host.manage("startapp", "audit")
    host.take(FILES)
    host.replace(host.urls, "path('admin/'", "path('backoffice/'")
    host.paste(host.settings, page.block(PAGE, '"userpools",\n'))
    host.take_settings(FILES)
    host.paste(host.urls, page.block(PAGE, 'include("userpools.urls")'))
    yield host
    host.close()


@pytest.fixture(scope="module")
def checked(host: Host) -> str:
    """What `check` says before the middleware is listed; afterwards it is, by the line that it told."""
    said = host.manage("check", fails=True)
    (line,) = re.findall(r"Add to MIDDLEWARE: (\S+,)", said)
    host.append(host.settings, f"MIDDLEWARE += [{line}]")
    return said


@pytest.fixture(scope="module")
def shop(host: Host, checked: str, issuer: KeyServer) -> Shop:
    shop = Shop(host, issuer, "My organization")
    host.manage("makemigrations", "audit")
    host.manage("migrate", "--verbosity", "0")
    make_organization, make_key = page.block(PAGE, "manage.py create_organization").strip().splitlines()
    assert make_organization == 'python manage.py create_organization "My organization"'
    host.printed("create_organization", "My organization")
    assert make_key == 'python manage.py create_api_key "My organization" --name backend'
    shop.raw_key = host.printed("create_api_key", "My organization", "--name", "backend")
    host.serve(POOLS_AT=issuer.origin)
    shop.pool_id = shop.pool()
    shop.client_id = shop.application(shop.pool_id)
    view = page.block(PAGE, "class ShopUsers(AppUserAuthentication)")
    example = re.search(r'clients = \["([0-9a-f-]+)"\]', view)
    assert example
    host.append(host.folder / "orders.py", view.replace(example[1], shop.client_id))
    host.append(
        host.urls,
        "from audit.views import Keyed\nfrom orders import Orders\n"
        'urlpatterns += [path("orders", Orders.as_view()), path("keyed", Keyed.as_view())]',
    )
    host.serve(POOLS_AT=issuer.origin)
    return shop


def another_tenant(shop: Shop, name: str) -> Shop:
    """An organization of its own in the same host."""
    other = Shop(shop.host, shop.issuer, name)
    shop.host.printed("create_organization", name)
    other.raw_key = shop.host.printed("create_api_key", name, "--name", "backend")
    other.pool_id = other.pool()
    other.client_id = other.application(other.pool_id)
    return other


def people(shop: Shop) -> dict[str, tuple[str, str]]:
    """Users of Django's own, as HTTP Basic credentials: an administrator of the organization, a reader, and nobody."""
    shop.host.python(
        "from django.contrib.auth.models import User\n"
        "from fairlead.orgs.models import Membership, Organization\n"
        f"org = Organization.objects.get(name={shop.name!r})\n"
        "for name, role in (('admin', 'admin'), ('reader', 'read-only'), ('nobody', None)):\n"
        "    user, made = User.objects.get_or_create(username=name, defaults={'email': f'{name}@example.org'})\n"
        "    user.set_password('a good pass phrase'); user.save()\n"
        "    Membership.objects.filter(user=user).delete()\n"
        "    if role: Membership.objects.create(user=user, organization=org, role=role)\n"
    )
    return {name: (name, "a good pass phrase") for name in ("admin", "reader", "nobody")}


def test_only_what_the_wheel_demands_is_installed_and_none_of_it_is_of_the_other_wing(
    built: Wheels, host: Host
) -> None:
    base = Environment(built).prepare()
    installed = set(base.installed())
    assert not installed & {
        "argon2-cffi",
        "mozilla-django-oidc",
        "django-axes",
        "pillow",
        "redis",
        "dnspython",
        "gunicorn",
    }
    assert {"fairlead", "django", "djangorestframework", "pyjwt", "requests"} <= installed
    needed = [re.split(r"[\[<>=~]", each)[0].lower() for each in wheels.demanded(built.fairlead)]
    assert set(needed) <= installed
    found = base.run("-c", "import fairlead, userpools; print(fairlead.__file__, userpools.__file__)")
    assert str(ROOT / "fairlead") not in found
    assert found.count("site-packages") == 2
    with pytest.raises(RuntimeError, match="No module named 'accounts'"):
        base.run("-c", "import accounts")
    with pytest.raises(RuntimeError, match="No module named 'config'"):
        base.run("-c", "import config")


def test_check_names_the_middleware_that_atomic_requests_demands(checked: str) -> None:
    assert "fairlead.E020" in checked
    assert f"Add to MIDDLEWARE: {ATOMIC}," in checked


def test_the_project_is_clean(shop: Shop) -> None:
    assert "System check identified no issues" in shop.host.manage("check")
    assert "No changes detected" in shop.host.manage(
        "makemigrations", "--check", "--dry-run", "fairlead_orgs", "userpools"
    )
    found = {each.partition(".")[0] for each in FIRST_LINES.findall(shop.host.manage("check", "--deploy"))}
    assert found <= {"security"}


def test_forget_any_line_of_the_page_and_check_tells_it(shop: Shop) -> None:
    lines = forgetting.lines(page.block(PAGE, '"userpools",\n'))
    # Not ours to tell: the host's own views want its templates, and nobody needs what stands alone.
    told = [line for line in lines if "rest_framework" not in line and "sdkclients" not in line]
    assert len(told) == 7
    assert forgetting.silent(shop.host, told) == []


def test_the_guarded_view_of_the_page_knows_who_calls(shop: Shop) -> None:
    answer = shop.orders(shop.token(sub="person-7"))
    assert (answer.status_code, answer.json()) == (200, {"orders of": "person-7"})


def walk(shop: Shop) -> list[tuple[str, int, dict[str, str], str]]:
    """Every success and every refusal of our own doors, in order: what was asked, and the answer."""
    seen = []
    for label, status, answer in calls(shop):
        assert answer.status_code == status, f"{label}: {answer.status_code} {answer.text}"
        if status == 401:
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), label
        if status in {429, 503}:
            assert int(answer.headers["Retry-After"]) >= 1, label
        if status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", label
            assert answer.json()["code"], label
        headers = {name: answer.headers.get(name, "") for name in ("Content-Type", "WWW-Authenticate", "Cache-Control")}
        seen.append((label, status, headers, _same_every_time(answer.text)))
    return seen


def _same_every_time(text: str) -> str:
    for pattern, instead in (
        (r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>"),
        (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<moment>"),
        (r"fl[a-z]_[\w-]+", "<secret>"),
        (r"eyJ[\w.-]+", "<token>"),
        (r'"requestId": ?"\w*"', '"requestId":""'),
        (r'"(kid|x|y|n|jti)":"[^"]+"', r'"\1":"<key>"'),
        (r"'[\w.:/ -]+'", "'<text>'"),
        (r"down-[0-9a-f]+", "down"),
        (r"cursor=[^\"]+", "cursor=<cursor>"),
        (r"\d+(\.\d+)?( seconds?)?", "<number>"),
    ):
        text = re.sub(pattern, instead, text)
    return text


def calls(shop: Shop) -> Iterator[tuple[str, int, Any]]:
    credentials = people(shop)
    yield "list pools", 200, shop.org("GET", "userPool")
    yield "list pools, two a page", 200, shop.org("GET", "userPool?limit=2")
    hosted = shop.org("POST", "userPool", {"name": "Hosted"})
    yield "make a hosted pool", 201, hosted
    hosted_id = hosted.json()["id"]
    yield "read it", 200, shop.org("GET", f"userPool/{hosted_id}")
    yield "change it", 200, shop.org("PATCH", f"userPool/{hosted_id}", {"name": "Hosted here"})
    yield (
        "turn it into another kind",
        409,
        shop.org("PATCH", f"userPool/{hosted_id}", {"authorization": {"jwksUri": shop.issuer.jwks_uri}}),
    )
    yield "check it", 200, shop.org("POST", f"userPool/{hosted_id}/check")
    published = f"/id/pools/{hosted_id}/.well-known"
    yield "its discovery document", 200, shop.program.get(f"{published}/openid-configuration")
    yield "its key set", 200, shop.program.get(f"{published}/jwks.json")
    issued = shop.org("POST", "appUserIdToken", {"userPoolId": hosted_id, "appUserId": "user-1"})
    yield "issue a token", 201, issued
    hosted_token = issued.json()["appUserIdToken"]
    yield "call with it", 200, shop.program.get("/id/app/me", bearer=hosted_token)
    yield "have it verified", 200, shop.org("POST", "verifyToken", {"token": hosted_token, "userPoolId": hosted_id})
    yield (
        "have it explained",
        200,
        shop.org("POST", "verifyToken", {"token": hosted_token, "userPoolId": hosted_id, "explain": True}),
    )
    yield "revoke it", 204, shop.org("POST", "appUserIdToken/revoke", {"userPoolId": hosted_id, "appUserId": "user-1"})
    yield (
        "issue one for a pool of another kind",
        409,
        shop.org("POST", "appUserIdToken", {"userPoolId": shop.pool_id, "appUserId": "user-1"}),
    )
    token = shop.token(sub="person-1")
    named = {"X-Client-Id": shop.client_id}
    yield "call with a token of the issuer", 200, shop.program.get("/id/app/me", bearer=token, headers=named)
    yield "a proxy asks", 204, shop.program.get(f"/id/app/authorize/{shop.client_id}", bearer=token)
    yield "list clients", 200, shop.org("GET", "sdkClient")
    yield "read a client", 200, shop.org("GET", f"sdkClient/{shop.client_id}")
    yield "change a client", 200, shop.org("PATCH", f"sdkClient/{shop.client_id}", {"description": "ours"})
    yield "delete a pool in use", 409, shop.org("DELETE", f"userPool/{shop.pool_id}")
    spare = shop.application(hosted_id)
    yield "delete a client", 204, shop.org("DELETE", f"sdkClient/{spare}")
    service = shop.program.call(
        "POST", "/id/org/sdkClient", {"name": "Worker", "kind": {"service": {}}}, auth=credentials["admin"]
    )
    yield "a member makes a service", 201, service
    rotate = f"/id/org/sdkClient/{service.json()['id']}/rotateKey"
    yield "a member rotates its key", 200, shop.program.call("POST", rotate, {}, auth=credentials["admin"])
    yield "a key rotates a key", 403, shop.program.call("POST", rotate, {}, bearer=shop.raw_key)
    yield "a key makes a service", 403, shop.org("POST", "sdkClient", {"name": "Worker", "kind": {"service": {}}})
    yield "a reader reads", 200, shop.program.get("/id/org/userPool", auth=credentials["reader"])
    yield (
        "a reader writes",
        403,
        shop.program.call("POST", "/id/org/userPool", {"name": "no"}, auth=credentials["reader"]),
    )
    yield "a person of no organization", 404, shop.program.get("/id/org/userPool", auth=credentials["nobody"])
    yield "a wrong password", 401, shop.program.get("/id/org/userPool", auth=("admin", "wrong"))
    yield "no credential", 401, shop.program.get("/id/org/userPool")
    yield "a bad key", 401, shop.org("GET", "userPool", bearer="flk_not-a-key")
    yield (
        "a key in another scheme",
        401,
        shop.program.get("/id/org/userPool", headers={"Authorization": f"Token {shop.raw_key}"}),
    )
    yield "another organization named", 404, shop.org("GET", "userPool", headers={"X-Organization-Id": NOBODY})
    yield "a pool that is not there", 404, shop.org("GET", f"userPool/{NOBODY}")
    yield "an id that is none", 404, shop.org("GET", "userPool/1")
    yield "a client that is not there", 404, shop.org("DELETE", f"sdkClient/{NOBODY}")
    yield (
        "the documents of a pool that is not there",
        404,
        shop.program.get(f"/id/pools/{NOBODY}/.well-known/jwks.json"),
    )
    yield (
        "those of a pool with an issuer of its own",
        404,
        shop.program.get(f"/id/pools/{shop.pool_id}/.well-known/openid-configuration"),
    )
    yield "an unknown member", 400, shop.org("POST", "userPool", {"name": "x", "colour": "red"})
    yield "a missing member", 400, shop.org("POST", "userPool", {})
    yield "a list for an object", 400, shop.org("POST", "userPool", [])
    yield "a repeated member", 400, shop.org("POST", "userPool", b'{"name": "x", "name": "y"}')
    yield "no JSON", 400, shop.org("POST", "userPool", b'{"name": ')
    yield (
        "an address of the inside",
        400,
        shop.org("POST", "userPool", {"name": "x", "authorization": {"jwksUri": "http://10.0.0.1/jwks"}}),
    )
    yield "a cursor that is none", 400, shop.org("GET", "userPool?cursor=x")
    yield "too large a body", 413, shop.org("POST", "userPool", b'{"name": "' + b"x" * 70_000 + b'"}')
    yield "a form", 415, shop.org("POST", "userPool", data={"name": "x"})
    yield "plain text", 415, shop.org("POST", "userPool", b"{}", headers={"Content-Type": "text/plain"})
    yield "another method", 405, shop.org("PUT", "userPool", {"name": "x"})
    yield "a method of nobody", 405, shop.org("DELETE", "verifyToken")
    yield "OPTIONS", 405, shop.org("OPTIONS", "userPool")
    yield from _refused_tokens(shop, "/id/app/me", named)
    yield "a client named in no header", 400, shop.program.get("/id/app/me", bearer=token)
    yield "the proxy's client is not there", 401, shop.program.get(f"/id/app/authorize/{NOBODY}", bearer=token)
    yield from _outage(shop)
    yield from _too_many(shop, hosted_id)
    yield "delete a pool", 204, shop.org("DELETE", f"userPool/{hosted_id}")


def _refused_tokens(shop: Shop, path: str, named: dict[str, str]) -> Iterator[tuple[str, int, Any]]:
    good = shop.token()
    for label, token in {
        "no token": "",
        "no token at all": "not-a-token",
        "a tampered token": f"{good[:-8]}{'A' * 8}",
        "an expired token": shop.token(exp=1_000_000),
        "a token for another audience": shop.token(aud="another"),
        "a token of another issuer": shop.token(iss="https://other.example.org"),
        "a token without sub": shop.token(sub=None),
        "a token of an unknown key": Signer(kid="another").token(shop.issuer.issuer.claims(aud="shop")),
    }.items():
        yield label, 401, shop.program.get(path, bearer=token, headers=named)
    yield "an unknown client", 401, shop.program.get(path, bearer=good, headers={"X-Client-Id": NOBODY})


def _outage(shop: Shop) -> Iterator[tuple[str, int, Any]]:
    client = _of_issuer_that_is_down(shop)
    named = {"X-Client-Id": client}
    yield "keys that cannot be had", 503, shop.program.get("/id/app/me", bearer=shop.token(), headers=named)
    yield "the proxy's too", 503, shop.program.get(f"/id/app/authorize/{client}", bearer=shop.token())
    body = {"token": shop.token(), "clientId": client}
    yield "verified", 503, shop.org("POST", "verifyToken", body)
    yield "explained", 503, shop.org("POST", "verifyToken", {**body, "explain": True})


def _of_issuer_that_is_down(shop: Shop) -> str:
    """A client of a pool whose keys nobody has seen yet, and whose issuer does not answer."""
    path = f"/down-{secrets.token_hex(4)}"
    shop.issuer.documents[path] = {}
    shop.issuer.status = 503
    try:
        return shop.application(shop.pool(jwksUri=f"{shop.issuer.origin}{path}"))
    finally:
        del shop.issuer.documents[path]
        shop.issuer.status = 200


def _too_many(shop: Shop, pool_id: str) -> Iterator[tuple[str, int, Any]]:
    """A key of its own, used up to the last call of its minute, and with enough of the minute left."""
    raw_key = shop.host.printed("create_api_key", shop.name, "--name", "busy")
    shop.host.python(
        "import time\n"
        "from django.utils import timezone\n"
        "from fairlead.orgs import api_keys\n"
        "from fairlead.web import rate_limits\n"
        f"key = api_keys.resolve({raw_key!r}, now=timezone.now())\n"
        "while True:\n"
        "    try: rate_limits.hit('appUserIdToken', str(key.pk), 'rate_limit_app_user_id_token')\n"
        "    except rate_limits.RateLimited as refused:\n"
        "        if refused.retry_after > 8: break\n"
        "        time.sleep(refused.retry_after)\n"
    )
    body = {"userPoolId": pool_id, "appUserId": "user-1"}
    yield "too many tokens", 429, shop.org("POST", "appUserIdToken", body, bearer=raw_key)


def test_every_success_and_every_refusal_and_alike_whatever_the_project_set_for_its_own_views(shop: Shop) -> None:
    plain = walk(another_tenant(shop, "First"))
    assert {status for _, status, _, _ in plain} == {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 415, 429, 503}
    shop.host.serve(POOLS_AT=shop.issuer.origin, FOREIGN="yes")
    again = walk(another_tenant(shop, "Second"))
    for under_foreign, under_own in zip(again, plain, strict=True):
        assert under_foreign == under_own


def test_the_hosts_own_views_refuse_with_its_own_renderer_and_handler(shop: Shop) -> None:
    for foreign in ("", "yes"):
        shop.host.serve(POOLS_AT=shop.issuer.origin, FOREIGN=foreign)
        named = {"X-Client-Id": shop.client_id}
        for label, status, answer in _refused_tokens(shop, "/orders", named):
            assert answer.status_code == status, (foreign, label, answer.text)
            assert foreign or answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert foreign or answer.json()["code"]
        refused = [
            shop.program.get("/keyed"),
            shop.program.get("/keyed", bearer="flk_not-a-key"),
            shop.orders(shop.token(), client=shop.application(shop.pool())),
        ]
        assert [each.status_code for each in refused] == [401, 401, 401], foreign
        assert shop.program.get("/keyed", bearer=shop.raw_key).status_code == 200


def test_the_call_of_the_page_for_a_hosted_pool(shop: Shop) -> None:
    pool = shop.org("POST", "userPool", {"name": "Hosted"}).json()["id"]
    values = {"FAIRLEAD": f"{shop.host.url}/id", "KEY": shop.raw_key, "POOL": pool}
    command = ["bash", "-e", "-c", page.block(PAGE, "org/appUserIdToken")]
    printed = subprocess.run(command, env=os.environ | values, capture_output=True, check=True).stdout
    answer = shop.program.get("/id/app/me", bearer=json.loads(printed)["appUserIdToken"])
    assert (answer.status_code, answer.json()["appUserId"]) == (200, "user-1")


def test_the_hosts_own_view_says_that_keys_cannot_be_had(shop: Shop) -> None:
    shop.host.serve(POOLS_AT=shop.issuer.origin)
    client = _of_issuer_that_is_down(shop)
    shop.host.replace(shop.host.folder / "orders.py", shop.client_id, client)
    shop.host.serve(POOLS_AT=shop.issuer.origin)
    first = shop.orders(shop.token(), client=client)
    assert (first.status_code, first.json()["code"]) == (503, "keys_unavailable")
    assert int(first.headers["Retry-After"]) >= 1
    asked = len(shop.issuer.asked)
    # The claim of the cooldown was committed, whatever became of the view's transaction.
    assert shop.orders(shop.token(), client=client).status_code == 503
    assert len(shop.issuer.asked) == asked
    shop.host.replace(shop.host.folder / "orders.py", client, shop.client_id)
    shop.host.serve(POOLS_AT=shop.issuer.origin)


def test_the_hosts_transaction_is_its_own(shop: Shop) -> None:
    assert shop.program.call("POST", "/keyed", {}, bearer=shop.raw_key).status_code == 404
    assert shop.host.python("from audit.models import Entry\nanswer = Entry.objects.count()") == 0


def test_the_admin_works_where_the_project_put_it(shop: Shop) -> None:
    shop.host.python(
        "from django.contrib.auth.models import User\n"
        "User.objects.filter(username='root').delete()\n"
        "User.objects.create_superuser('root', 'root@example.org', 'a good pass phrase')"
    )
    root = Visitor(shop.host.url)
    signed_in = root.submit(
        "/backoffice/login/?next=/backoffice/", {"username": "root", "password": "a good pass phrase"}
    )
    assert signed_in.headers["Location"] == "/backoffice/"
    index = root.page("/backoffice/")
    pages = sorted(set(re.findall(r'href="(/backoffice/(?:fairlead_\w+|userpools|sdkclients|audit)/\w+/)"', index)))
    assert len(pages) >= 7, pages
    for each in pages:
        assert 'href="/admin/' not in root.page(each)
    made = root.submit("/backoffice/fairlead_orgs/organization/add/", {"name": "Short-lived"})
    assert made.status_code == 302, re.findall(r'class="errorlist.*', made.text)
    organization = shop.host.python(
        "from fairlead.orgs.models import Organization\nanswer = str(Organization.objects.get(name='Short-lived').pk)"
    )
    key = root.submit(
        "/backoffice/fairlead_orgs/apikey/add/",
        {"organization": organization, "name": "backend", "expires_at_0": "", "expires_at_1": ""},
    )
    (raw_key,) = re.findall(r"flk_[\w-]{20,}", key.text)
    pool = shop.program.call("POST", "/id/org/userPool", {"name": "Hosted"}, bearer=raw_key).json()["id"]
    issued = shop.program.call(
        "POST", "/id/org/appUserIdToken", {"userPoolId": pool, "appUserId": "user-1"}, bearer=raw_key
    ).json()["appUserIdToken"]
    assert shop.program.get("/id/app/me", bearer=issued).status_code == 200
    for what in (f"userpools/userpool/{pool}", f"fairlead_orgs/organization/{organization}"):
        asked = root.page(f"/backoffice/{what}/delete/")
        assert "Are you sure" in asked, asked
        assert root.submit(f"/backoffice/{what}/delete/", {"post": "yes"}).status_code == 302
        assert root.get(f"/backoffice/{what}/change/").status_code == 302
    assert shop.program.get("/id/app/me", bearer=issued).status_code == 401


def test_nothing_of_it_was_a_fault_of_ours(shop: Shop) -> None:
    assert "userPool" in shop.host.log
    assert shop.host.faults() == []
    assert shop.raw_key not in shop.host.log
    assert json.dumps(shop.host.log).count("eyJ") == 0
