import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from fairlead.audit.models import AuditEvent
from fairlead.orgs.models import Organization
from sdkclients import clients
from sdkclients.models import SdkClient
from tests.issuer import KeyServer
from tests.tenants import NOBODY, Tenant, as_user, refused
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db
EXPLAIN = "/admin/sdkclients/sdkclient/explain/"


def signed_in(email: str, **rights: bool) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.create(email=email, is_staff=True, **rights))
    return browser


@pytest.fixture
def staff(db: None, settings: Any) -> Client:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    return signed_in("owner@example.org", is_superuser=True)


@pytest.fixture
def place(tenant: Tenant, keys: KeyServer) -> Any:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})
    return tenant.application(pool["id"])


def page(staff: Client, address: str) -> str:
    answer = staff.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode()
    # The strict policy of the site: nothing inline.
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    return text


def act(staff: Client, model: str, action: str, *rows: Any) -> Any:
    return staff.post(
        f"/admin/{model}/", {"action": action, "_selected_action": [str(row.pk) for row in rows]}, follow=True
    )


def test_the_pages_open_are_searched_and_filtered(staff: Client, tenant: Tenant, place: Any, keys: KeyServer) -> None:
    as_user(tenant.client, keys.issuer.token(), place["id"])
    tenant.pool()
    for model, searches in (
        ("userpools/userpool", ["Customers", "nonsense", NOBODY, "%00"]),
        ("userpools/appuser", ["person-1", "nonsense", NOBODY]),
        ("sdkclients/sdkclient", ["Web", "nonsense", NOBODY]),
    ):
        page(staff, f"/admin/{model}/")
        for text in searches:
            page(staff, f"/admin/{model}/?q={text}")
    page(staff, "/admin/userpools/userpool/?hosted__exact=1")
    page(staff, "/admin/userpools/appuser/?blocked_at__isempty=1")
    for row, model in (
        *((pool, "userpools/userpool") for pool in UserPool.objects.all()),
        (AppUser.objects.get(), "userpools/appuser"),
        (SdkClient.objects.get(), "sdkclients/sdkclient"),
    ):
        page(staff, f"/admin/{model}/{row.pk}/change/")


def test_a_pools_page_tells_the_last_key_fetch(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    keys.documents["/keys"] = {"keys": [*keys.issuer.jwks()["keys"], {"kty": "oct", "k": "eA"}]}
    pool = tenant.pool({"issuer": keys.origin, "audience": "client-1"})
    text = page(staff, f"/admin/userpools/userpool/{pool['id']}/change/")
    for words in (keys.jwks_uri, "keys: 1", "key id: key-1", "is a symmetric key", "last error: none"):
        assert words in text
    keys.status = 503
    answer = act(staff, "userpools/userpool", "fetch_keys", UserPool.objects.get())
    assert answer.status_code == 200


def test_private_keys_are_on_no_page(staff: Client, tenant: Tenant) -> None:
    pool = UserPool.objects.get(pk=tenant.pool()["id"])
    text = page(staff, f"/admin/userpools/userpool/{pool.pk}/change/")
    assert pool.signing_keys.get().kid in text
    assert "PRIVATE" not in text
    act(staff, "userpools/userpool", "rotate_keys", pool)
    assert pool.signing_keys.count() == 2


def test_users_are_blocked_unblocked_and_their_tokens_revoked(
    staff: Client, tenant: Tenant, place: Any, keys: KeyServer
) -> None:
    token = keys.issuer.token()
    assert as_user(tenant.client, token, place["id"]).status_code == 200
    user = AppUser.objects.get()
    act(staff, "userpools/appuser", "block", user)
    refused(as_user(tenant.client, token, place["id"]), 401, "blocked")
    act(staff, "userpools/appuser", "unblock", user)
    assert as_user(tenant.client, token, place["id"]).status_code == 200
    act(staff, "userpools/appuser", "revoke", user)
    refused(as_user(tenant.client, token, place["id"]), 401, "revoked")
    recorded = AuditEvent.objects.filter(subject_type="app_user").order_by("pk")
    assert [event.event for event in recorded] == ["app_user_blocked", "app_user_unblocked", "app_user_tokens_revoked"]
    assert {event.actor_type for event in recorded} == {"person"}


def test_who_may_only_look_does_nothing(staff: Client, tenant: Tenant, place: Any, keys: KeyServer) -> None:
    as_user(tenant.client, keys.issuer.token(), place["id"])
    looker = signed_in("looker@example.org")
    person = get_user_model().objects.get(email="looker@example.org")
    person.user_permissions.set(
        Permission.objects.filter(codename__in=["view_appuser", "view_userpool", "view_sdkclient"])
    )
    user, pool, client = AppUser.objects.get(), UserPool.objects.get(), SdkClient.objects.get()
    act(looker, "userpools/appuser", "block", user)
    act(looker, "userpools/userpool", "rotate_keys", pool)
    looker.post(f"/admin/userpools/userpool/{pool.pk}/delete/", {"post": "yes"})
    looker.post(f"/admin/sdkclients/sdkclient/{client.pk}/delete/", {"post": "yes"})
    looker.post(f"/admin/userpools/appuser/{user.pk}/delete/", {"post": "yes"})
    assert AppUser.objects.get().blocked_at is None
    assert UserPool.objects.exists()
    assert SdkClient.objects.exists()


def test_a_user_is_not_deleted_alone(staff: Client, tenant: Tenant, place: Any, keys: KeyServer) -> None:
    as_user(tenant.client, keys.issuer.token(), place["id"])
    staff.post(f"/admin/userpools/appuser/{AppUser.objects.get().pk}/delete/", {"post": "yes"})
    assert AppUser.objects.exists()


def test_pools_and_organizations_in_use_stay_and_go_when_they_are_not(
    staff: Client, tenant: Tenant, place: Any, keys: KeyServer
) -> None:
    as_user(tenant.client, keys.issuer.token(), place["id"])
    pool = UserPool.objects.get()
    clients.create_service(tenant.organization, name="Importer")
    organization = f"/admin/fairlead_orgs/organization/{tenant.organization.pk}/delete/"
    staff.post(f"/admin/userpools/userpool/{pool.pk}/delete/", {"post": "yes"})
    staff.post(organization, {"post": "yes"})
    act(staff, "userpools/userpool", "delete_selected", pool)
    assert UserPool.objects.exists()
    assert Organization.objects.exists()
    staff.post(f"/admin/sdkclients/sdkclient/{place['id']}/delete/", {"post": "yes"})
    refused(as_user(tenant.client, keys.issuer.token(), place["id"]), 401, "unknown_client")
    staff.post(f"/admin/userpools/userpool/{pool.pk}/delete/", {"post": "yes"})
    assert not UserPool.objects.exists()
    assert not AppUser.objects.exists()
    staff.post(organization, {"post": "yes"})
    assert not Organization.objects.exists()
    assert {"client_deleted", "pool_deleted", "organization_deleted"} <= set(
        AuditEvent.objects.values_list("event", flat=True)
    )


def explained(staff: Client, place: str, token: str) -> str:
    answer = staff.post(EXPLAIN, {"place": place, "token": token})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert token not in text
    assert "<style" not in text
    return text


def test_the_explain_page_tells_a_good_token_and_makes_no_user(staff: Client, place: Any, keys: KeyServer) -> None:
    assert "Explain a token" in page(staff, EXPLAIN)
    assert EXPLAIN in page(staff, "/admin/sdkclients/sdkclient/")
    for where in (place["id"], place["auth"]["userPoolId"]):
        text = explained(staff, where, keys.issuer.token())
        assert "The token is accepted." in text
        assert "Not seen here yet" in text
        assert "<strong>Failed" not in text
    assert not AppUser.objects.exists()


def test_the_explain_page_tells_what_is_wrong_and_what_to_change(staff: Client, place: Any, keys: KeyServer) -> None:
    text = explained(staff, place["id"], keys.issuer.token(aud="another", exp=1))
    assert text.count("<strong>Failed") == 2
    assert text.count("To make it pass") == 2
    assert "client-1" in text
    assert "<script>" not in explained(staff, place["id"], keys.issuer.token(iss="<script>alert(1)</script>"))


@pytest.mark.parametrize(("where", "token"), [("", "x.y.z"), ("nonsense", "x.y.z"), (NOBODY, "x.y.z"), (None, "")])
def test_the_explain_page_asks_again_and_does_not_repeat_the_token(
    staff: Client, place: Any, where: str | None, token: str
) -> None:
    answer = staff.post(EXPLAIN, {"place": place["id"] if where is None else where, "token": token})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert "x.y.z" not in answer.content.decode()


def test_the_explain_page_is_for_staff_who_may_see_users(
    staff: Client, place: Any, caplog: Any, keys: KeyServer
) -> None:
    outsider = Client()
    assert outsider.get(EXPLAIN).status_code == 302
    assert signed_in("looker@example.org").get(EXPLAIN).status_code == 403
    token = keys.issuer.token(aud="another")
    explained(staff, place["id"], token)
    assert token not in caplog.text
    assert not AuditEvent.objects.filter(details__icontains=token.rsplit(".", 1)[1]).exists()
