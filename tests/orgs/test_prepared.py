import threading
import uuid
from typing import Any

import pytest
from django.utils import timezone

from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Membership
from fairlead.orgs.prepared import Prepared

pytestmark = pytest.mark.django_db


def field(name: str) -> Any:
    return lambda: ApiKey._meta.get_field(name)


by_id_and_name = Prepared(
    lambda key_id, name: ApiKey.objects.filter(pk=key_id, name=name).select_related("organization", "successor"),
    ("id", field("id"), uuid.uuid4()),
    ("name", field("name"), "a stand-in"),
)


def test_it_finds_what_the_queryset_finds_with_every_field_and_join() -> None:
    organization = organizations.create("Example")
    first, _ = api_keys.make(organization, name="one", expires_at=timezone.now())
    second, _ = api_keys.rotate(first, overlap=api_keys.OVERLAP)
    for key in (first, second):
        usual = ApiKey.objects.select_related("organization", "successor").get(pk=key.pk)
        found = by_id_and_name.one(id=key.pk, name="one")
        assert found is not None
        assert not found._state.adding
        assert [getattr(found, each.attname) for each in ApiKey._meta.concrete_fields] == [
            getattr(usual, each.attname) for each in ApiKey._meta.concrete_fields
        ]
        assert found.organization.name == "Example"
        assert found.successor == usual.successor


def test_it_takes_its_joins_from_the_same_single_query(django_assert_num_queries: Any) -> None:
    key, _ = api_keys.make(organizations.create("Example"), name="one")
    with django_assert_num_queries(1):
        found = by_id_and_name.one(id=key.pk, name="one")
        assert found is not None
        assert found.organization.name == "Example"
        assert found.successor is None


@pytest.mark.parametrize("name", ["two", "a stand-in", "", "' OR 1=1 --", "%s", "one\x01"])
def test_what_is_not_there_is_none_and_values_stay_values(name: str) -> None:
    key, _ = api_keys.make(organizations.create("Example"), name="one")
    assert by_id_and_name.one(id=key.pk, name=name) is None
    assert by_id_and_name.one(id=uuid.uuid4(), name="one") is None
    ApiKey.objects.update(name=name or "x")
    assert by_id_and_name.one(id=key.pk, name=name or "x") is not None
    assert not Membership.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_used_by_many_threads_at_once() -> None:
    keys = [api_keys.make(organizations.create(f"Organization {n}"), name=f"key {n}")[0] for n in range(4)]
    wrong: list[str] = []

    def look(key: ApiKey) -> None:
        from django.db import connection

        for _ in range(30):
            found = by_id_and_name.one(id=key.pk, name=key.name)
            if found is None or found.organization_id != key.organization_id:
                wrong.append(key.name)
        connection.close()

    threads = [threading.Thread(target=look, args=(key,)) for key in keys]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
