"""`AppUserAuthentication` in somebody else's Django project."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fairlead.idtokens.verified import VerifiedToken
from sdkclients.authentication import AppUserAuthentication
from tests.configure import configure
from tests.issuer import KeyServer
from tests.tenants import Tenant
from userpools.models import AppUser

pytestmark = pytest.mark.django_db


def get(token: str | None, client_id: str | None = None, **named: Any) -> Any:
    """A view of a project of its own; `named` are the attributes of its authentication class."""
    users = type("Users", (AppUserAuthentication,), named)

    class Orders(APIView):
        authentication_classes = [users]
        permission_classes = [IsAuthenticated]
        throttle_classes = []

        def get(self, request: Request) -> Response:
            assert isinstance(request.user, AppUser)
            assert isinstance(request.auth, VerifiedToken)
            return Response({"user": str(request.user), "client": str(request.sdk_client)})

    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if client_id:
        headers["X-Client-Id"] = client_id
    return Orders.as_view()(RequestFactory().get("/orders", headers=headers)).render()


def refused(answer: Any, code: str) -> None:
    """By Django REST framework's own handler, as in a host."""
    assert (answer.status_code, answer.data["code"]) == (401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def pool(tenant: Tenant, keys: KeyServer) -> Any:
    return tenant.pool({"jwksUri": keys.jwks_uri})


def test_nobody_is_accepted_before_somebody_says_who(tenant: Tenant, keys: KeyServer, pool: Any) -> None:
    client = tenant.application(pool["id"])
    for token in (keys.issuer.token(), None):
        with pytest.raises(ImproperlyConfigured, match="APP_USER_CLIENTS"):
            get(token, client["id"])
    with pytest.raises(ImproperlyConfigured, match="list"):
        get(None, clients=client["id"])


def test_the_class_names_clients_pools_or_organizations(
    tenant: Tenant, keys: KeyServer, pool: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = tenant.application(pool["id"])
    second = tenant.application(pool["id"])
    for named in (
        {"clients": [client["id"]]},
        {"pools": [pool["id"].upper()]},
        {"organizations": [tenant.organization.pk]},
    ):
        answer = get(keys.issuer.token(), client["id"], **named)
        assert answer.data == {"user": "person-1", "client": "Web"}
    refused(get(keys.issuer.token(), second["id"], clients=[client["id"]]), "unknown_client")
    assert f"does not list its client ({second['id']})" in caplog.text


def test_the_setting_counts_where_the_class_names_nobody(
    tenant: Tenant, keys: KeyServer, pool: Any, settings: Any
) -> None:
    client = tenant.application(pool["id"])
    configure(settings, APP_USER_CLIENTS={"clients": [client["id"]]})
    assert get(keys.issuer.token(), client["id"]).status_code == 200
    configure(settings, APP_USER_CLIENTS={"clients": []})
    with pytest.raises(ImproperlyConfigured):
        get(keys.issuer.token(), client["id"])


def test_another_tenants_valid_token_is_not_enough(tenant: Tenant, other: Tenant, keys: KeyServer, pool: Any) -> None:
    theirs = other.application(other.pool({"jwksUri": keys.jwks_uri})["id"])
    refused(get(keys.issuer.token(), theirs["id"], organizations=[str(tenant.organization.pk)]), "unknown_client")


def test_a_hosted_pools_token_without_a_client_counts_by_its_pool(tenant: Tenant) -> None:
    pool = tenant.pool()["id"]
    token = tenant.made("/org/appUserIdToken", {"userPoolId": pool, "appUserId": "u"})["appUserIdToken"]
    assert get(token, pools=[pool]).data == {"user": "u", "client": "None"}
    assert get(token, clients=["00000000-0000-4000-8000-000000000000"]).status_code == 401


def open_view(required_on_view: Any, token: str | None = None, **named: Any) -> Any:
    """A view whose author forgot the permission class."""

    class Open(APIView):
        authentication_classes = [type("Users", (AppUserAuthentication,), named)]
        permission_classes = [AllowAny]
        throttle_classes: list[Any] = []

        def get(self, request: Request) -> Response:
            return Response({"user": str(request.user)})

    if required_on_view is not None:
        Open.required = required_on_view  # type: ignore[attr-defined]
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Open.as_view()(RequestFactory().get("/open", headers=headers)).render()


def test_a_call_without_credentials_is_refused_whatever_the_permission_class(tenant: Tenant, pool: Any) -> None:
    refused(get(None, pools=[pool["id"]]), "not_authenticated")
    refused(open_view(None, pools=[pool["id"]]), "not_authenticated")
    refused(open_view(True, pools=[pool["id"]]), "not_authenticated")


def test_the_view_or_the_class_may_say_that_credentials_are_not_required(
    tenant: Tenant, keys: KeyServer, pool: Any
) -> None:
    for required, named in ((False, {}), (None, {"required": False})):
        assert open_view(required, pools=[pool["id"]], **named).data == {"user": "AnonymousUser"}
        refused(open_view(required, "no token", pools=[pool["id"]], **named), "malformed")


def test_keys_that_cannot_be_had_are_503_in_a_hosts_view(tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    answer = get(keys.issuer.token(), tenant.application(pool["id"])["id"], pools=[pool["id"]])
    assert (answer.status_code, answer.data["code"]) == (503, "keys_unavailable")
    assert int(answer["Retry-After"]) > 0
