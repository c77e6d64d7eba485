"""Which organization has a slug, now or once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fairlead.orgs import organizations, slug_owners
from fairlead.orgs.models import FormerSlug, Organization
from fairlead.orgs.slugs import SlugRefused

pytestmark = pytest.mark.django_db


def test_each_organization_of_one_name_has_a_slug_of_its_own() -> None:
    made = [organizations.create("Acme & Co") for _ in range(3)]
    assert [each.slug for each in made] == ["acme-co", "acme-co-2", "acme-co-3"]


def test_a_chosen_slug_is_kept_and_a_bad_or_taken_one_refused() -> None:
    assert organizations.create("Acme", slug="the-acme").slug == "the-acme"
    for slug in ("the-acme", "admin", "Acme"):
        with pytest.raises(SlugRefused):
            organizations.create("Other", slug=slug)
    assert Organization.objects.count() == 1


def test_a_slug_that_an_organization_had_stays_its_own() -> None:
    first = organizations.create("Acme")
    slug_owners.rename(first, "acme-group")
    assert organizations.create("Acme").slug == "acme-2"
    with pytest.raises(slug_owners.SlugTaken):
        organizations.create("Other", slug="acme")
    with pytest.raises(slug_owners.SlugTaken):
        slug_owners.rename(Organization.objects.get(slug="acme-2"), "acme")
    slug_owners.rename(first, "acme")
    assert Organization.objects.get(pk=first.pk).slug == "acme"
    assert [*FormerSlug.objects.values_list("slug", flat=True)] == ["acme-group"]


def test_a_rename_to_a_taken_slug_changes_nothing() -> None:
    first, second = organizations.create("Acme"), organizations.create("Other")
    with pytest.raises(slug_owners.SlugTaken):
        slug_owners.rename(second, "acme")
    assert {*Organization.objects.values_list("slug", flat=True)} == {"acme", "other"}
    assert not FormerSlug.objects.exists()
    assert first.slug == "acme"


def test_who_was_overtaken_between_the_look_and_the_write_gets_another_slug(monkeypatch: Any) -> None:
    organizations.create("Acme")
    answers = iter([False])
    looked = slug_owners.taken
    monkeypatch.setattr(slug_owners, "taken", lambda slug, **by: next(answers, None) is None and looked(slug, **by))
    assert organizations.create("Acme").slug == "acme-2"


@pytest.mark.parametrize(
    "fields",
    [{"slug": ""}, {"name": ""}, {"session_hours": 0}, {"session_hours": 721}, {"default_role": "owner"}],
    ids=str,
)
def test_what_an_organization_cannot_be_the_database_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(**{"name": "Acme", "slug": "acme", **fields})
