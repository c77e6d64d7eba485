"""ATOMIC_REQUESTS of a host: what authenticates runs before the view's transaction, and its claims stay."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path
from rest_framework.decorators import api_view, authentication_classes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fairlead import memory
from fairlead.idtokens import issuers
from fairlead.idtokens.models import FetchBudget, RemoteDocument
from fairlead.web import authenticate_first
from fairlead.web.checks import FIRST, who_calls_is_known_before_the_transaction
from sdkclients.authentication import AppUserAuthentication
from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.tenants import Tenant
from userpools.models import AppUser

pytestmark = pytest.mark.django_db(transaction=True)


class ShopUsers(AppUserAuthentication):
    pass


class Orders(APIView):
    authentication_classes = [ShopUsers]
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []

    def get(self, request: Request) -> Response:
        assert connection.in_atomic_block
        if "fail" in request.query_params:
            raise ZeroDivisionError
        return Response({"user": str(request.user)})


class Open(Orders):
    required = False


@api_view(["GET"])
@authentication_classes([ShopUsers])
def orders(request: Request) -> Response:
    return Response({"user": str(request.user), "atomic": connection.in_atomic_block})


def plain(request: HttpRequest) -> Any:
    raise AssertionError


urlpatterns = [
    path("orders", Orders.as_view()),
    path("orders/plain", orders),
    path("orders/with-options", APIView.as_view(authentication_classes=[ShopUsers])),
    path("open", Open.as_view()),
    path("", include("userpools.urls")),
    path("", include("sdkclients.urls")),
]


@pytest.fixture
def keys(settings: Any) -> Iterator[KeyServer]:
    with KeyServer(Signer("ES256")) as server:
        configure(settings, POOL_PRIVATE_ORIGINS=[server.origin])
        yield server


@pytest.fixture
def host(settings: Any, monkeypatch: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [FIRST]
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)


@pytest.fixture
def pool(client: Client, keys: KeyServer, settings: Any) -> Any:
    tenant = Tenant(client, "First Organization")
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    configure(settings, APP_USER_CLIENTS={"pools": [pool["id"]]})
    client.defaults["HTTP_X_CLIENT_ID"] = tenant.application(pool["id"])["id"]
    cold()
    return pool


def cold() -> None:
    memory.forget_everything()
    issuers.start_again()
    FetchBudget.objects.all().delete()
    RemoteDocument.objects.all().delete()


def get(client: Client, address: str, token: str | None) -> Any:
    client.raise_request_exception = False
    return client.get(address, headers={} if token is None else {"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("address", ["/orders", "/orders/plain"])
def test_keys_are_fetched_and_the_user_made_before_the_transaction(
    client: Client, host: None, pool: Any, keys: KeyServer, address: str
) -> None:
    answer = get(client, address, keys.issuer.token())
    assert (answer.status_code, answer.json()["user"]) == (200, "person-1")


def test_what_was_claimed_and_made_stays_when_the_view_fails(
    client: Client, host: None, pool: Any, keys: KeyServer
) -> None:
    assert get(client, "/orders?fail", keys.issuer.token()).status_code == 500
    assert AppUser.objects.count() == 1
    assert FetchBudget.objects.exists()


def test_refusals_are_the_views_own(client: Client, host: None, pool: Any, keys: KeyServer) -> None:
    refused = get(client, "/orders", keys.issuer.token()[:-8] + "AAAAAAAA")
    assert (refused.status_code, refused.json()["code"]) == (401, "bad_signature")
    assert refused["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert get(client, "/orders", None).status_code == 401
    assert get(client, "/orders/with-options", None).status_code == 401
    assert get(client, "/open", None).json() == {"user": "AnonymousUser"}


def test_nobody_is_asked_twice(client: Client, host: None, pool: Any, keys: KeyServer, monkeypatch: Any) -> None:
    asked: list[Any] = []
    recognise = ShopUsers.recognise
    monkeypatch.setattr(ShopUsers, "recognise", lambda self, request: asked.append(1) or recognise(self, request))
    get(client, "/orders", keys.issuer.token())
    assert asked == [1]


def test_our_own_calls_are_in_no_transaction_of_the_hosts(client: Client, host: None, keys: KeyServer) -> None:
    tenant = Tenant(client, "First Organization")
    pool = tenant.pool({"jwksUri": keys.jwks_uri})  # fetches, which a test forbids inside transactions
    client_id = tenant.application(pool["id"])["id"]
    cold()
    answer = client.get("/app/me", headers={"Authorization": f"Bearer {keys.issuer.token()}", "X-Client-Id": client_id})
    assert answer.status_code == 200


def test_without_atomic_requests_it_does_nothing(rf: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(ShopUsers, "authenticate_before", plain)
    authenticate_first.AuthenticateFirst(plain).process_view(rf.get("/"), Orders.as_view(), (), {})


def test_its_absence_is_an_error_of_check_with_the_line_to_paste(settings: Any, monkeypatch: Any) -> None:
    assert who_calls_is_known_before_the_transaction(None) == []
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    (error,) = who_calls_is_known_before_the_transaction(None)
    assert (error.id, error.hint) == ("fairlead.E020", f'Add to MIDDLEWARE: "{FIRST}",')
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, FIRST]
    assert who_calls_is_known_before_the_transaction(None) == []
