"""User pools are added and changed in the administration with the API's rules, said at the fields."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from fairlead.audit.models import AuditEvent
from tests.issuer import KeyServer
from tests.tenants import NOBODY, Tenant
from userpools.models import UserPool

pytestmark = pytest.mark.django_db
ADD = "/admin/userpools/userpool/add/"


def signed_in(email: str, *rights: str, **more: bool) -> Client:
    person = get_user_model().objects.create(email=email, is_staff=True, **more)
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def staff(settings: Any) -> Client:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    return signed_in("owner@example.org", is_superuser=True)


@pytest.fixture
def looker(staff: Client) -> Client:
    return signed_in("looker@example.org", "view_userpool")


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {field: [str(each) for each in said] for field, said in answer.context["form"].errors.items()}


def said(answer: Any) -> list[tuple[str, str]]:
    return [(each.level_tag, str(each)) for each in answer.context["messages"]]


def filled(tenant: Tenant, **fields: Any) -> dict[str, Any]:
    return {"organization": str(tenant.organization.pk), "name": "Customers", "keys": "own_keys", **fields}


def test_a_pool_is_made_as_the_api_makes_it(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    form = filled(tenant, jwks_uri=keys.jwks_uri, issuer=keys.issuer.url, audience="client-1\r\n\r\n client-2 \r\n")
    answer = staff.post(ADD, form, follow=True)
    made = UserPool.objects.get()
    assert answer.redirect_chain == [(f"/admin/userpools/userpool/{made.pk}/change/", 302)]
    assert said(answer) == [("success", "The pool is made.")]
    by_api = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": ["client-1", "client-2"]})
    other = UserPool.objects.get(pk=by_api["id"])
    for field in ("organization", "name", "hosted", "jwks_uri", "issuer", "audiences", "algorithms", "id_claim"):
        assert getattr(made, field) == getattr(other, field)
    event = AuditEvent.objects.get(event="pool_created", subject_id=str(made.pk))
    assert (event.actor_type, event.organization) == ("person", tenant.organization.pk)


def test_what_is_open_is_said_as_the_api_says_it(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    answer = staff.post(ADD, filled(tenant, jwks_uri=keys.jwks_uri, id_claim="email"), follow=True)
    by_api = tenant.pool({"jwksUri": keys.jwks_uri, "idClaim": "email"})
    warned = [text for level, text in said(answer) if level == "warning"]
    assert warned == [each["detail"] for each in by_api["warnings"]]
    assert len(warned) == 3


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 1001}, "description"),
        ({}, "jwks_uri"),
        ({"jwks_uri": "http://keys.example.org/jwks"}, "jwks_uri"),
        ({"jwks_uri": "$JWKS_URI"}, "jwks_uri"),
        ({"issuer": "ftp://example.org"}, "issuer"),
        ({"issuer": "https://securetoken.google.com/shop"}, "audience"),
        ({"jwks_uri": "https://example.org/k", "id_claim": "$CLAIM"}, "id_claim"),
        ({"jwks_uri": "https://example.org/k", "id_claim": "x" * 101}, "id_claim"),
        ({"jwks_uri": "https://example.org/k", "audience": "\n".join(map(str, range(21)))}, "audience"),
    ],
)
def test_what_the_api_refuses_is_said_at_the_field_in_its_words(
    staff: Client, tenant: Tenant, keys: KeyServer, fields: dict[str, str], at: str
) -> None:
    found = errors(staff.post(ADD, filled(tenant, **fields)))
    assert list(found) == [at]
    named = {"jwks_uri": "jwksUri", "id_claim": "idClaim"}
    trusted = {named.get(name, name): value for name, value in fields.items() if name not in {"name", "description"}}
    if "audience" in trusted:
        trusted["audience"] = trusted["audience"].split("\n")
    words = {name: fields[name] for name in ("name", "description") if name in fields}
    body = {"name": "Customers", **words, "authorization": trusted}
    refused = tenant.call("POST", "/org/userPool", body).json()["errors"]
    said_by_api = refused if at in refused else refused["authorization"]
    assert found[at] == said_by_api[named.get(at, at)]
    assert not UserPool.objects.exists()


def test_keys_that_do_not_answer_are_a_warning_and_no_refusal(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    form = filled(tenant, jwks_uri=keys.jwks_uri, issuer=keys.issuer.url, audience="client-1")
    answer = staff.post(ADD, form, follow=True)
    assert [level for level, _text in said(answer)] == ["success", "warning"]
    assert UserPool.objects.get().keys_unreachable


def test_a_hosted_pool_has_nothing_of_an_issuer(staff: Client, tenant: Tenant) -> None:
    refused = errors(staff.post(ADD, filled(tenant, keys="hosted", issuer="https://example.org", audience="a")))
    assert set(refused) == {"issuer", "audience"}
    staff.post(ADD, filled(tenant, keys="hosted"))
    pool = UserPool.objects.get()
    assert pool.hosted
    assert pool.signing_keys.count() == 1


@pytest.mark.parametrize("organization", ["", "nonsense", NOBODY])
def test_an_organization_that_is_not_there_is_refused(
    staff: Client, tenant: Tenant, keys: KeyServer, organization: str
) -> None:
    found = errors(staff.post(ADD, filled(tenant, jwks_uri=keys.jwks_uri, organization=organization)))
    assert list(found) == ["organization"]


def test_only_what_was_changed_is_stored_and_named_on_record(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})
    address = f"/admin/userpools/userpool/{pool['id']}/edit/"
    form = staff.get(address).context["form"]
    sent = {bound.name: bound.value() for bound in form}
    assert sent["audience"] == "client-1"
    staff.post(address, {**sent, "name": "Shoppers", "issuer": ""})
    stored = UserPool.objects.get()
    assert (stored.name, stored.issuer, stored.audiences) == ("Shoppers", "", ["client-1"])
    event = AuditEvent.objects.get(event="pool_changed")
    assert (event.actor_type, event.details["fields"]) == ("person", ["authorization.issuer", "name"])
    fetched = keys.count()
    staff.post(address, {bound.name: bound.value() for bound in staff.get(address).context["form"]})
    assert AuditEvent.objects.filter(event="pool_changed").count() == 1
    assert keys.count() == fetched


def test_a_change_that_is_refused_changes_nothing(staff: Client, tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})
    address = f"/admin/userpools/userpool/{pool['id']}/edit/"
    sent = {bound.name: bound.value() for bound in staff.get(address).context["form"]}
    assert list(errors(staff.post(address, {**sent, "jwks_uri": "$KEYS"}))) == ["jwks_uri"]
    assert UserPool.objects.get().jwks_uri == keys.jwks_uri


def test_a_hosted_pool_has_two_fields_to_change(staff: Client, tenant: Tenant) -> None:
    address = f"/admin/userpools/userpool/{tenant.pool()['id']}/edit/"
    assert list(staff.get(address).context["form"].fields) == ["name", "description"]
    staff.post(address, {"name": "Shoppers", "description": "", "issuer": "https://example.org"})
    assert UserPool.objects.get().name == "Shoppers"
    assert UserPool.objects.get().issuer != "https://example.org"


def test_who_may_only_look_sees_the_page_and_changes_nothing(looker: Client, tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})
    page = f"/admin/userpools/userpool/{pool['id']}"
    shown = looker.get(f"{page}/change/")
    assert shown.status_code == 200
    assert not re.search(r'href="[^"]*/(edit|do/rotate-keys)/"', shown.content.decode())
    for method in ("get", "post"):
        assert getattr(looker, method)(ADD).status_code == 403
        assert getattr(looker, method)(f"{page}/edit/").status_code == 403
        assert getattr(looker, method)(f"{page}/do/rotate-keys/").status_code == 403
        assert getattr(looker, method)(f"{page}/do/nonsense/").status_code == 404
    assert UserPool.objects.get().name == "Customers"


def test_somebody_without_the_right_to_pools_learns_nothing(staff: Client, tenant: Tenant) -> None:
    page = f"/admin/userpools/userpool/{tenant.pool()['id']}"
    outsider = signed_in("outsider@example.org")
    for address in (ADD, f"{page}/edit/", f"{page}/do/fetch-keys/", "/admin/userpools/userpool/x/edit/"):
        assert outsider.get(address).status_code == 403


def test_a_pools_keys_are_rotated_from_its_page_after_a_question(staff: Client, tenant: Tenant) -> None:
    pool = UserPool.objects.get(pk=tenant.pool()["id"])
    page = f"/admin/userpools/userpool/{pool.pk}"
    assert f"{page}/do/rotate-keys/" in staff.get(f"{page}/change/").content.decode()
    asked = staff.get(f"{page}/do/rotate-keys/")
    assert "signs in an hour" in asked.content.decode()
    assert pool.signing_keys.count() == 1
    assert said(staff.post(f"{page}/do/rotate-keys/", follow=True))[0][0] == "success"
    assert pool.signing_keys.count() == 2
    assert staff.post(f"{page}/do/fetch-keys/").status_code == 403  # hosted: there is nothing to fetch
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(email="owner@example.org"))
    assert strict.post(f"{page}/do/rotate-keys/").status_code == 403
    assert pool.signing_keys.count() == 2
