"""SDK clients are added and changed in the administration with the API's rules, said at the fields."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairlead.audit.models import AuditEvent
from fairlead.orgs import api_keys
from fairlead.orgs.models import ApiKey
from sdkclients import clients
from sdkclients.models import SdkClient
from tests.tenants import Tenant
from tests.userpools.test_pool_forms import errors, signed_in

pytestmark = pytest.mark.django_db
ADD = "/admin/sdkclients/sdkclient/add/"


@pytest.fixture
def staff(db: None, settings: Any) -> Client:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    return signed_in("owner@example.org", is_superuser=True)


def key_of(answer: Any) -> str:
    assert "no-store" in answer["Cache-Control"]
    found: list[str] = re.findall(r'value="(flk_[A-Za-z0-9_-]{49})"', answer.content.decode())
    assert len(found) == 1
    return found[0]


def test_an_application_is_made_in_its_pools_organization(staff: Client, tenant: Tenant) -> None:
    pool = tenant.pool()
    answer = staff.post(ADD, {"name": "Web", "kind": "application", "pool": pool["id"]})
    client = SdkClient.objects.get()
    assert answer["Location"] == f"/admin/sdkclients/sdkclient/{client.pk}/change/"
    assert (client.organization, str(client.pool_id)) == (tenant.organization, pool["id"])
    assert AuditEvent.objects.get(event="client_created").actor_type == "person"


def test_a_service_shows_its_key_once_and_whole(staff: Client, tenant: Tenant) -> None:
    form = {"name": "Importer", "kind": "service", "organization": str(tenant.organization.pk)}
    raw_key = key_of(staff.post(ADD, form))
    key = api_keys.resolve(raw_key, now=timezone.now())
    client = SdkClient.objects.get()
    assert key == client.api_key
    page = staff.get(f"/admin/sdkclients/sdkclient/{client.pk}/change/").content.decode()
    assert raw_key not in page
    assert AuditEvent.objects.get(event="api_key_created", subject_id=str(key.pk)).actor_type == "person"


def test_what_cannot_be_is_said_at_the_field(staff: Client, tenant: Tenant, other: Tenant) -> None:
    mine, theirs = str(tenant.organization.pk), other.pool()["id"]
    for form, at in (
        ({"kind": "application", "pool": theirs}, "name"),
        ({"kind": "application", "pool": theirs, "name": "x" * 101}, "name"),
        ({"kind": "application", "pool": theirs, "name": "Web", "description": "x" * 1001}, "description"),
        ({"kind": "application", "name": "Web"}, "pool"),
        ({"kind": "application", "name": "Web", "pool": "nonsense"}, "pool"),
        ({"kind": "application", "name": "Web", "pool": theirs, "organization": mine}, "organization"),
        ({"kind": "service", "name": "Web"}, "organization"),
        ({"kind": "service", "name": "Web", "organization": mine, "pool": theirs}, "pool"),
        ({"kind": "nonsense", "name": "Web"}, "kind"),
    ):
        assert list(errors(staff.post(ADD, form))) == [at], form
    assert not SdkClient.objects.exists()


def test_a_key_is_made_only_by_who_may_make_keys(staff: Client, tenant: Tenant) -> None:
    helper = signed_in("helper@example.org", "add_sdkclient", "view_sdkclient", "change_sdkclient")
    form = {"name": "Importer", "kind": "service", "organization": str(tenant.organization.pk)}
    before = ApiKey.objects.count()
    assert list(errors(helper.post(ADD, form))) == ["kind"]
    client, _minted = clients.create_service(tenant.organization, name="Importer")
    tool = f"/admin/sdkclients/sdkclient/{client.pk}/do/rotate-key/"
    assert helper.post(tool).status_code == 403
    assert ApiKey.objects.count() == before + 1


def test_a_services_key_is_rotated_from_its_page_after_a_question(staff: Client, tenant: Tenant) -> None:
    client, old = clients.create_service(tenant.organization, name="Importer")
    tool = f"/admin/sdkclients/sdkclient/{client.pk}/do/rotate-key/"
    assert tool in staff.get(f"/admin/sdkclients/sdkclient/{client.pk}/change/").content.decode()
    before = ApiKey.objects.count()
    assert "another hour" in staff.get(tool).content.decode()
    assert ApiKey.objects.count() == before
    new = key_of(staff.post(tool))
    client.refresh_from_db()
    assert api_keys.resolve(new, now=timezone.now()) == client.api_key
    assert api_keys.resolve(old.plaintext, now=timezone.now())
    assert AuditEvent.objects.get(event="api_key_rotated").actor_type == "person"


def test_name_and_description_are_changed_and_nothing_else(staff: Client, tenant: Tenant) -> None:
    client = SdkClient.objects.get(pk=tenant.application(tenant.pool()["id"])["id"])
    address = f"/admin/sdkclients/sdkclient/{client.pk}/edit/"
    assert list(staff.get(address).context["form"].fields) == ["name", "description"]
    staff.post(address, {"name": "Shop", "description": "", "kind": "service"})
    client.refresh_from_db()
    assert (client.name, client.kind) == ("Shop", "application")
    assert AuditEvent.objects.get(event="client_changed").details["fields"] == ["name"]
    assert list(errors(staff.post(address, {"name": ""}))) == ["name"]


def test_who_may_only_look_sees_the_page_and_changes_nothing(staff: Client, tenant: Tenant) -> None:
    looker = signed_in("looker@example.org", "view_sdkclient")
    page = f"/admin/sdkclients/sdkclient/{tenant.application(tenant.pool()['id'])['id']}"
    assert looker.get(f"{page}/change/").status_code == 200
    for address in (ADD, f"{page}/edit/", f"{page}/do/rotate-key/"):
        assert looker.get(address).status_code == 403
        assert looker.post(address, {"name": "changed"}).status_code == 403
    assert SdkClient.objects.get().name == "Web"


def test_two_pools_of_one_name_are_told_apart_where_one_is_chosen(staff: Client, tenant: Tenant, other: Tenant) -> None:
    tenant.pool()
    other.pool()
    asked = {"app_label": "sdkclients", "model_name": "sdkclient", "field_name": "pool", "term": "Customers"}
    found = staff.get("/admin/autocomplete/", asked).json()["results"]
    assert {each["text"] for each in found} == {"Customers (First Organization)", "Customers (Other Organization)"}
