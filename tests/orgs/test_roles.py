"""Every route of /org, every method, every kind of caller: by the table of docs/http-api.md, "Roles".

The routes come from the URL configuration: one that is not listed here fails, so nobody forgets to say who may call it.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from accounts.models import Session, User
from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys, invitations, organizations, rights
from fairlead.orgs.models import Membership, Role
from fairlead.orgs.rights import Caller, Right
from fairlead.web.views import Api
from sdkclients import clients
from tests.house import ROOT
from tests.orgs.signed_in import access_token, person
from tests.orgs.test_house import routes
from tests.tenants import NOBODY, refused
from userpools import pools

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TEXT = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
(PART,) = re.findall(r"^## Roles\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
(HEAD,) = re.findall(r"^\| right \| (.+) \|$", PART, re.MULTILINE)
# What each caller is told for each right: "yes", "yes, fresh" or a code.
TOLD = {
    right: dict(zip(HEAD.split(" | "), (cell.strip("`") for cell in cells.split(" | ")), strict=True))
    for right, cells in re.findall(r"^\| \*([\w ]+)\*[^|]* \| (.+) \|$", PART, re.MULTILINE)
}


@dataclass(frozen=True)
class Call:
    """`{pool}` and so on are ids of the caller's own organization. `status` is what whoever may gets."""

    method: str
    path: str
    right: Right
    status: int
    body: Any = None
    fresh: bool = False
    """It wants a fresh sign-in whatever the right says."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.right} {'fresh' if self.fresh else ''}".strip()

    @property
    def route(self) -> str:
        return resolve(re.sub(r"\{\w+\}", "x", self.path)).route


_TOKENS = {"userPoolId": "{pool}", "appUserId": "user-1"}
CALLS = [
    Call("GET", "/org", Right.READ, 200),
    Call("PATCH", "/org", Right.MANAGE, 200, {"name": "Renamed", "slug": "renamed"}),
    Call("GET", "/org/member", Right.READ_MEMBERS, 200),
    Call("GET", "/org/member/{member}", Right.READ_MEMBERS, 200),
    Call("PATCH", "/org/member/{member}", Right.MANAGE, 200, {"role": "read-only"}),
    Call("PATCH", "/org/member/{member}", Right.MANAGE, 200, {"role": "admin"}, fresh=True),
    Call("PATCH", "/org/member/{owner}", Right.MANAGE, 200, {"role": "member"}, fresh=True),
    Call("DELETE", "/org/member/{member}", Right.MANAGE, 204),
    Call("DELETE", "/org/member/{owner}", Right.MANAGE, 204, fresh=True),
    Call("DELETE", "/org/member/{own}", Right.LEAVE, 204),
    Call("GET", "/org/invitation", Right.MANAGE, 200),
    Call("POST", "/org/invitation", Right.MANAGE, 201, {"email": "new@example.org", "role": "member"}),
    Call("POST", "/org/invitation", Right.MANAGE, 201, {"email": "new@example.org", "role": "admin"}, fresh=True),
    Call("DELETE", "/org/invitation/{invitation}", Right.MANAGE, 204),
    Call("POST", "/org/invitation/{invitation}/resend", Right.MANAGE, 200),
    Call("GET", "/org/apiKey", Right.LIST_API_KEYS, 200),
    Call("POST", "/org/apiKey", Right.CHANGE_API_KEYS, 201, {"name": "Second"}),
    Call("POST", "/org/apiKey/{key}/rotate", Right.CHANGE_API_KEYS, 200, {}),
    Call("DELETE", "/org/apiKey/{key}", Right.CHANGE_API_KEYS, 204),
    Call("GET", "/org/userPool", Right.READ, 200),
    Call("POST", "/org/userPool", Right.WRITE, 201, {"name": "Second"}),
    Call("GET", "/org/userPool/{pool}", Right.READ, 200),
    Call("PATCH", "/org/userPool/{pool}", Right.WRITE, 200, {"name": "Renamed"}),
    Call("DELETE", "/org/userPool/{unused_pool}", Right.WRITE, 204),
    Call("POST", "/org/userPool/{pool}/check", Right.WRITE, 200),
    Call("POST", "/org/appUserIdToken", Right.WRITE, 201, _TOKENS),
    Call("POST", "/org/appUserIdToken/revoke", Right.WRITE, 204, _TOKENS),
    Call("POST", "/org/verifyToken", Right.WRITE, 200, {"token": "x", "userPoolId": "{pool}"}),
    Call("GET", "/org/sdkClient", Right.READ, 200),
    Call("POST", "/org/sdkClient", Right.WRITE, 201, {"name": "x", "kind": {"application": {"userPoolId": "{pool}"}}}),
    Call("POST", "/org/sdkClient", Right.SERVICE_CLIENTS, 201, {"name": "x", "kind": "service"}),
    Call("GET", "/org/sdkClient/{application}", Right.READ, 200),
    Call("GET", "/org/sdkClient/{service}", Right.READ, 200),
    Call("PATCH", "/org/sdkClient/{application}", Right.WRITE, 200, {"name": "Renamed"}),
    Call("PATCH", "/org/sdkClient/{service}", Right.SERVICE_CLIENTS, 200, {"name": "Renamed"}),
    Call("DELETE", "/org/sdkClient/{application}", Right.WRITE, 204),
    Call("DELETE", "/org/sdkClient/{service}", Right.SERVICE_CLIENTS, 204),
    Call("POST", "/org/sdkClient/{service}/rotateKey", Right.SERVICE_CLIENTS, 200, {}),
]


class Stage:
    """An organization with one of everything, and somebody who calls."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.organization = organizations.create("First Organization", admin=person("owner@example.org"))
        pool = pools.create(self.organization, name="Customers")
        application = clients.create_application(pool, name="Web")
        service, _ = clients.create_service(self.organization, name="Importer")
        self.ids = {
            "pool": str(pool.pk),
            "unused_pool": str(pools.create(self.organization, name="Unused").pk),
            "application": str(application.pk),
            "service": str(service.pk),
            "owner": str(Membership.objects.get().pk),
            "member": str(self.joined("member@example.org", "member").pk),
            "own": NOBODY,
            "key": str(api_keys.make(self.organization, name="first")[0].pk),
            "invitation": str(
                invitations.create(
                    self.organization,
                    email="invited@example.org",
                    role=Role.MEMBER,
                    by=Membership.objects.get(role="admin"),
                ).pk
            ),
        }

    def as_member(self, role: str) -> str:
        self.ids["own"] = str(self.joined("caller@example.org", role).pk)
        return self.token("caller@example.org")

    def joined(self, email: str, role: str) -> Membership:
        return Membership.objects.create(organization=self.organization, user=person(email), role=role)

    def as_key(self) -> str:
        return api_keys.make(self.organization, name="backend")[1].plaintext

    def as_admin_of_another(self) -> str:
        organizations.create("Other Organization", admin=person("caller@example.org"))
        return self.token("caller@example.org")

    def as_nobodys_member(self) -> str:
        person("caller@example.org")
        return self.token("caller@example.org")

    def token(self, email: str) -> str:
        return access_token(self.client, email)

    def call(self, raw_token: str, call: Call) -> Any:
        headers = {"Authorization": f"Bearer {raw_token}", "X-Organization-Id": str(self.organization.pk)}
        body = {} if call.body is None else {"data": self.filled(call.body), "content_type": "application/json"}
        return getattr(self.client, call.method.lower())(call.path.format(**self.ids), headers=headers, **body)

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        return value.format(**self.ids) if isinstance(value, str) else value


@pytest.fixture
def stage(client: Client) -> Stage:
    return Stage(client)


def served() -> set[tuple[str, str]]:
    return {
        (address, method)
        for address, callback in routes()
        if address.startswith("org") and issubclass(getattr(callback, "cls", object), Api)
        for method in METHODS
        if hasattr(callback.cls, method.lower())
    }


def test_every_route_and_method_is_thought_of() -> None:
    assert {(call.route, call.method) for call in CALLS} == served()


def test_every_view_says_what_each_of_its_methods_needs() -> None:
    for address, callback in routes():
        if address.startswith("org"):
            methods = {method for method in METHODS if hasattr(callback.cls, method.lower())}
            assert set(vars(callback.cls)["rights"]) == methods, address


def test_the_table_of_the_page_is_that_of_the_code() -> None:
    by_table = {
        str(right): {
            str(caller): ("yes, fresh" if right in rights.FRESH else "yes")
            if rights.allowed(caller, right)
            else "key_cannot_make_keys"
            if caller is Caller.KEY and right in rights.OF_KEYS
            else "forbidden"
            for caller in Caller
        }
        for right in Right
    }
    assert by_table == TOLD


@pytest.mark.parametrize("call", CALLS, ids=str)
@pytest.mark.parametrize("caller", Caller)
def test_each_caller_may_what_the_table_says(stage: Stage, call: Call, caller: Caller) -> None:
    raw_token = stage.as_key() if caller is Caller.KEY else stage.as_member(caller)
    before = AuditEvent.objects.count()
    answer = stage.call(raw_token, call)
    told = TOLD[call.right][caller]
    if told.startswith("yes"):
        assert answer.status_code == call.status, answer.content
    else:
        refused(answer, 403, told)
        assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_whoever_is_no_member_finds_nothing(stage: Stage, call: Call) -> None:
    before = None
    for become in (stage.as_nobodys_member, stage.as_admin_of_another):
        User.objects.filter(email="caller@example.org").delete()
        raw_token = become()
        before = AuditEvent.objects.count()
        refused(stage.call(raw_token, call), 404, "not_found")
        assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_removed_member_finds_nothing(stage: Stage, call: Call) -> None:
    raw_token = stage.as_member("admin")
    Membership.objects.filter(user__email="caller@example.org").update(ended_at=timezone.now())
    refused(stage.call(raw_token, call), 404, "not_found")


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_sign_in_of_six_minutes_ago_is_enough_but_where_a_fresh_one_is_wanted(stage: Stage, call: Call) -> None:
    raw_token = stage.as_member("admin")
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=6))
    before = AuditEvent.objects.count()
    answer = stage.call(raw_token, call)
    if call.fresh or TOLD[call.right]["admin"] == "yes, fresh":
        refused(answer, 403, "fresh_sign_in_required")
        assert AuditEvent.objects.count() == before
    else:
        assert answer.status_code == call.status, answer.content


def test_a_method_that_a_route_does_not_have_is_405_for_members_and_nothing_for_others(stage: Stage) -> None:
    admin, stranger = stage.as_member("admin"), stage.token(person("stranger@example.org").email)
    for call in {each.route: each for each in CALLS}.values():
        for method in METHODS:
            if (call.route, method) not in served():
                other = Call(method, call.path, call.right, 405)
                refused(stage.call(admin, other), 405, "method_not_allowed")
                refused(stage.call(stranger, other), 404, "not_found")
