"""The tenants wing works mounted below /id/, and issuers stay what they were when the place changes."""

import re
from typing import Any

import jwt
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fairlead.orgs import organizations
from sdkclients.models import SdkClient
from tests.configure import configure
from tests.tenants import NOBODY, Tenant, refused
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db
PREFIXED = "tests.sdkclients.below_a_prefix"


class Backend:
    """An organization's backend, and the calls of its users, at whatever address we are mounted."""

    def __init__(self, tenant: Tenant, at: str) -> None:
        self.client, self.at = tenant.client, at
        self.headers = {"Authorization": f"Bearer {tenant.raw_key}"}

    def made(self, path: str, body: Any) -> Any:
        answer = self.client.post(f"{self.at}{path}", body, content_type="application/json", headers=self.headers)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def token(self, pool_id: str) -> str:
        token: str = self.made("/org/appUserIdToken", {"userPoolId": pool_id, "appUserId": "u 1"})["appUserIdToken"]
        return token

    def me(self, token: str, client_id: str = "") -> Any:
        named = {"X-Client-Id": client_id} if client_id else {}
        return self.client.get(f"{self.at}/app/me", headers={"Authorization": f"Bearer {token}", **named})


def issuer_in(token: str) -> Any:
    return jwt.decode(token, options={"verify_signature": False})["iss"]


def test_the_whole_way_of_a_tenant_below_a_prefix(settings: Any, tenant: Tenant) -> None:
    settings.ROOT_URLCONF = PREFIXED
    backend = Backend(tenant, "/id")
    pool = backend.made("/org/userPool", {"name": "Customers"})["id"]
    client = backend.made("/org/sdkClient", {"name": "Web", "kind": {"application": {"userPoolId": pool}}})["id"]
    token = backend.token(pool)
    assert issuer_in(token) == f"http://testserver/id/pools/{pool}"
    discovery = tenant.client.get(f"/id/pools/{pool}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == issuer_in(token)
    assert discovery["jwks_uri"] == f"http://testserver/id/pools/{pool}/.well-known/jwks.json"
    (key,) = tenant.client.get(discovery["jwks_uri"].removeprefix("http://testserver")).json()["keys"]
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["ES256"], audience=pool, issuer=discovery["issuer"])
    for client_id in ("", client):
        assert backend.me(token, client_id).json()["appUserId"] == "u 1"
    assert (
        tenant.client.get(f"/id/app/authorize/{client}", headers={"Authorization": f"Bearer {token}"}).status_code
        == 204
    )
    backend.made("/org/userPool", {"name": "Second"})
    page = tenant.client.get("/id/org/userPool?limit=1", headers=backend.headers).json()
    assert page["next"].startswith("http://testserver/id/org/userPool?")
    further = tenant.client.get(page["next"].removeprefix("http://testserver"), headers=backend.headers)
    assert further.json()["results"][0]["id"] == pool


def test_an_issuer_stays_when_the_origin_or_the_prefix_changes(settings: Any, tenant: Tenant) -> None:
    before = Backend(tenant, "")
    pool = before.made("/org/userPool", {"name": "Customers"})["id"]
    client = before.made("/org/sdkClient", {"name": "Web", "kind": {"application": {"userPoolId": pool}}})["id"]
    issuer = f"http://testserver/pools/{pool}"
    token = before.token(pool)
    assert issuer_in(token) == issuer
    settings.ROOT_URLCONF = PREFIXED
    configure(settings, ORIGIN="https://new.example.org")
    after = Backend(tenant, "/id")
    for each in (token, after.token(pool)):
        assert issuer_in(each) == issuer
        for client_id in ("", client):
            assert after.me(each, client_id).json()["appUserId"] == "u 1"
    discovery = tenant.client.get(f"/id/pools/{pool}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == issuer
    assert discovery["jwks_uri"] == f"https://new.example.org/id/pools/{pool}/.well-known/jwks.json"
    newer = after.made("/org/userPool", {"name": "Newer"})["id"]
    assert issuer_in(after.token(newer)) == f"https://new.example.org/id/pools/{newer}"
    assert UserPool.objects.get(pk=newer).issuer != UserPool.objects.get(pk=pool).issuer


def test_a_change_of_a_hosted_pool_leaves_its_issuer(tenant: Tenant) -> None:
    backend = Backend(tenant, "")
    pool = backend.made("/org/userPool", {"name": "Customers"})["id"]
    for body in ({"name": "New"}, {"authorization": None}, {"authorization": {"issuer": "https://other.example"}}):
        tenant.call("PATCH", f"/org/userPool/{pool}", body)
    assert UserPool.objects.get(pk=pool).issuer == f"http://testserver/pools/{pool}"
    assert backend.me(backend.token(pool)).status_code == 200


@pytest.fixture
def staff(client: Client, settings: Any) -> Client:
    settings.AXES_ENABLED = False
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.ROOT_URLCONF = PREFIXED
    owner = get_user_model().objects.create(email="owner@example.org", is_staff=True, is_superuser=True)
    client.force_login(owner)
    return client


def test_the_administration_at_another_path(staff: Client, tenant: Tenant) -> None:
    backend = Backend(tenant, "/id")
    pool = backend.made("/org/userPool", {"name": "Customers"})["id"]
    assert backend.me(backend.token(pool)).status_code == 200
    user = AppUser.objects.get()
    for page in (
        f"userpools/userpool/{pool}/change/", "userpools/appuser/", "sdkclients/sdkclient/", "sdkclients/sdkclient/explain/",
        "fairlead_orgs/apikey/", f"fairlead_orgs/organization/{tenant.organization.pk}/change/",
    ):  # fmt: skip
        answer = staff.get(f"/backoffice/{page}")
        assert answer.status_code == 200, page
        found = re.findall(r'(?:href|action)="(/[^"]*)"', answer.content.decode())
        assert found
        assert [each for each in found if not each.startswith(("/backoffice/", "/static/", "/id/"))] == [], page
    # Alone neither an app user nor a key is deleted; with what they belong to they go.
    assert staff.post(f"/backoffice/userpools/appuser/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(f"/backoffice/userpools/userpool/{pool}/delete/", {"post": "yes"})
    assert not UserPool.objects.exists()
    assert not AppUser.objects.exists()
    assert not SdkClient.objects.exists()
    staff.post(f"/backoffice/fairlead_orgs/organization/{tenant.organization.pk}/delete/", {"post": "yes"})
    assert not type(tenant.organization).objects.exists()


@pytest.mark.parametrize("path", ["app/nonsense", "org/nonsense", f"pools/{NOBODY}/nonsense", "api/auth/nonsense"])
def test_a_wrong_address_of_the_api_is_answered_with_a_problem_wherever_it_is_mounted(
    client: Client, settings: Any, path: str
) -> None:
    for urls, at in ((settings.ROOT_URLCONF, ""), (PREFIXED, "/id")):
        settings.ROOT_URLCONF = urls
        body = refused(client.get(f"{at}/{path}", headers={"Accept": "application/json, text/html"}), 404, "not_found")
        assert body["type"] == f"http://testserver{at}/problems#not_found"
    assert client.get("/nonsense", headers={"Accept": "text/html"})["Content-Type"].startswith("text/html")
    refused(client.get("/nonsense"), 404, "not_found")


def test_two_organizations_of_one_name_have_pools_apart(client: Client) -> None:
    first, second = (Tenant(client, "Acme") for _ in range(2))
    assert first.pool()["organizationId"] != second.pool()["organizationId"]
    assert organizations.create("Acme").slug == "acme-3"
