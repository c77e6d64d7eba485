from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Membership, Organization
from tests.orgs.conftest import person

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


by_email = pytest.mark.skipif(
    not hasattr(get_user_model()._default_manager, "get_by_natural_key"), reason="people have no manager yet"
)


@by_email
def test_an_organization_and_its_key_are_made_and_the_key_alone_is_printed() -> None:
    owner = person("owner@example.org")
    identifier = run("create_organization", "Example Organization", "--admin", "owner@example.org")[0].strip()
    assert Membership.objects.get(organization=identifier, user=owner).role == "admin"
    printed, _ = run("create_api_key", "Example Organization", "--name", "backend")
    key = api_keys.resolve(printed.strip(), now=timezone.now())
    assert key is not None
    assert str(key.organization_id) == identifier
    assert run("create_api_key", identifier, "--name", "other", "--days", "7")[0].startswith("flk_")
    assert run("create_api_key", "example-organization", "--name", "third")[0].startswith("flk_")
    assert ApiKey.objects.get(name="other").expires_at is not None


@by_email
def test_an_unknown_administrator_is_refused_with_the_remedy_and_nothing_is_made() -> None:
    with pytest.raises(CommandError, match="createsuperuser"):
        run("create_organization", "Example", "--admin", "nobody@example.org")
    assert not Organization.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_outside_its_bounds_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="100"):
        run("create_organization", name)


def test_a_chosen_slug_is_kept_and_a_bad_one_refused_with_the_reason() -> None:
    assert "the slug our-own" in run("create_organization", "Example", "--slug", "our-own")[1]
    with pytest.raises(CommandError, match="--slug: Use 3 to 40"):
        run("create_organization", "Other", "--slug", "No slug")


def test_a_second_organization_of_that_name_is_refused() -> None:
    run("create_organization", "Example")
    with pytest.raises(CommandError, match="already"):
        run("create_organization", "Example")


def test_a_key_for_nobody_is_refused_and_an_ambiguous_name_lists_the_ids() -> None:
    with pytest.raises(CommandError, match="create_organization"):
        run("create_api_key", "Example", "--name", "x")
    first, second = organizations.create("Twin"), organizations.create("Twin")
    with pytest.raises(CommandError) as refused:
        run("create_api_key", "Twin", "--name", "x")
    assert str(first.pk) in str(refused.value)
    assert str(second.pk) in str(refused.value)
