"""Refusals of /org and /app say whose call it was: in the log, in the counts, and in the samples of the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.views import APIView

from fairlead.audit import token_doors
from fairlead.audit.models import CallsOfDay, Refusal
from fairlead.causes import TABLE
from fairlead.credentials import secrets
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey
from sdkclients.authentication import AppUserAuthentication
from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.sdkclients.test_app_user_door import Door
from tests.tenants import NOBODY, Tenant, as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(tenant: Tenant, keys: KeyServer) -> Door:
    return Door(tenant, keys)


def sample() -> Refusal:
    token_doors.flush()
    row = Refusal.objects.get()
    assert TABLE[row.cause].operator.format(**row.facts)
    assert CallsOfDay.objects.get().count == 1
    return row


def whose(row: Refusal) -> tuple[str, ...]:
    return tuple(str(each) for each in (row.organization, row.pool, row.client))


def test_an_app_users_token(door: Door, caplog: Any) -> None:
    with caplog.at_level("INFO", logger="fairlead.audit"):
        answer = door.me(Signer("ES256").token(door.keys.issuer.claims()))
    assert answer.status_code == 401
    row = sample()
    assert whose(row) == (str(door.tenant.organization.pk), door.pool["id"], door.client_id)
    assert (row.code, row.cause, row.door) == (answer.json()["code"], f"token.{row.code}", "sdkclients:me")
    assert row.pk == answer["X-Request-Id"]
    (line,) = [each for each in caplog.records if each.name == "fairlead.audit.token_doors"]
    assert (line.organization, line.client, line.code) == (str(door.tenant.organization.pk), door.client_id, row.code)


def test_a_client_that_does_not_exist(door: Door) -> None:
    as_user(door.tenant.client, door.keys.issuer.token(), NOBODY)
    row = sample()
    assert (row.code, row.cause, whose(row)) == ("unknown_client", "client.unknown", ("None",) * 3)


def _revoked(tenant: Tenant) -> None:
    api_keys.revoke(ApiKey.objects.get())


def _expired(tenant: Tenant) -> None:
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(days=1))


def _disabled(tenant: Tenant) -> None:
    organizations.disable(tenant.organization)


@pytest.mark.parametrize(
    ("before", "cause"),
    [(_revoked, "revoked"), (_expired, "expired"), (_disabled, "organization_disabled")],
)
def test_a_key_that_was_good(tenant: Tenant, before: Any, cause: str) -> None:
    before(tenant)
    assert tenant.call("GET", "/org/userPool").status_code == 401
    row = sample()
    assert (row.cause, row.organization) == (f"api_key.{cause}", tenant.organization.pk)
    assert row.key_prefix == ApiKey.objects.get().prefix
    assert tenant.raw_key.startswith(row.key_prefix)


@pytest.mark.parametrize(
    ("raw_key", "cause"),
    [(secrets.mint("flk").plaintext, "api_key.unknown"), ("flk_cut-off-somewhere", "api_key.mistyped")],
    ids=["unknown", "mistyped"],
)
def test_a_key_of_nobody(tenant: Tenant, raw_key: str, cause: str) -> None:
    tenant.raw_key = raw_key
    tenant.call("GET", "/org/userPool")
    row = sample()
    assert (row.cause, row.organization, row.key_prefix) == (cause, None, raw_key[:10])


@pytest.mark.parametrize(
    ("method", "path", "body", "cause"),
    [
        ("GET", f"/org/userPool/{NOBODY}", None, "call.not_found"),
        ("POST", "/org/userPool", {"name": 7, "made\nup": 1}, "request.fields"),
        ("POST", "/org/userPool", "{", "request.unreadable"),
        ("PUT", "/org/userPool", None, "call.method"),
        ("POST", "/org/sdkClient", {"name": "Back", "kind": {"service": {}}}, "api_key.makes_no_keys"),
    ],
)
def test_a_call_with_a_good_key(tenant: Tenant, method: str, path: str, body: Any, cause: str) -> None:
    assert tenant.call(method, path, body).status_code >= 400
    row = sample()
    assert (row.cause, row.organization) == (cause, tenant.organization.pk)
    assert row.key_prefix == ApiKey.objects.get().prefix
    assert "made" not in str(row.facts)


def test_a_limit_that_is_reached(tenant: Tenant, settings: Any, caplog: Any) -> None:
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_APP_USER_ID_TOKEN="1/3600")
    body = {"userPoolId": tenant.pool()["id"], "appUserId": "u"}
    tenant.made("/org/appUserIdToken", body)
    with caplog.at_level("INFO", logger="fairlead.audit"):
        answer = tenant.call("POST", "/org/appUserIdToken", body)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    row, key = sample(), ApiKey.objects.get()
    assert (row.cause, row.organization, row.key_prefix) == ("rate_limit.full", tenant.organization.pk, key.prefix)
    assert "RATE_LIMIT_APP_USER_ID_TOKEN=1/3600" in row.facts["settings"]
    (line,) = [each for each in caplog.records if each.name == "fairlead.audit.token_doors"]
    assert (line.organization, line.key, line.code) == (str(tenant.organization.pk), key.prefix, "throttled")


def test_a_view_of_a_host(door: Door, rf: RequestFactory) -> None:
    """Counted at the door, once, whatever handles the exception; and a client that is not accepted there is named."""

    class Users(AppUserAuthentication):
        clients = (NOBODY,)

    class Orders(APIView):
        authentication_classes = [Users]

        def get(self, request: Any) -> Response:
            raise AssertionError

    headers = {"Authorization": f"Bearer {door.keys.issuer.token()}", "X-Client-Id": door.client_id}
    assert Orders.as_view()(rf.get("/orders", headers=headers)).status_code == 401
    row = sample()
    assert (row.cause, str(row.client)) == ("client.not_accepted", door.client_id)
