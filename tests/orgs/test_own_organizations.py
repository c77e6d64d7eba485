"""Where a person belongs: told to them by `/api/auth/me` and by each answer that signs them in."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairlead.orgs import organizations
from fairlead.orgs.models import Membership
from tests.orgs.signed_in import PASSWORD, access_token, person

pytestmark = pytest.mark.django_db
EMAIL = "person@example.org"


def told(client: Client) -> Any:
    """What `/me` and a sign-in say, which is the same."""
    sent = {"email": EMAIL, "password": PASSWORD}
    signed_in = client.post("/api/auth/login", sent, content_type="application/json").json()["user"]["organizations"]
    headers = {"Authorization": f"Bearer {access_token(client, EMAIL)}"}
    assert client.get("/api/auth/me", headers=headers).json()["organizations"] == signed_in
    return signed_in


def test_whoever_belongs_nowhere_has_an_empty_list(client: Client) -> None:
    person(EMAIL)
    organizations.create("Acme", admin=person("other@example.org"))
    assert told(client) == []


def test_each_organization_stands_there_with_the_role(client: Client) -> None:
    someone = person(EMAIL)
    second = organizations.create("Beta", admin=someone)
    first = organizations.create("Acme")
    Membership.objects.create(organization=first, user=someone, role="read-only")
    assert told(client) == [
        {"id": str(first.pk), "slug": "acme", "name": "Acme", "role": "read-only"},
        {"id": str(second.pk), "slug": "beta", "name": "Beta", "role": "admin"},
    ]


def test_what_ended_and_what_is_disabled_is_left_out(client: Client) -> None:
    someone = person(EMAIL)
    left, disabled = (organizations.create(name, admin=someone) for name in ("Acme", "Beta"))
    Membership.objects.filter(organization=left).update(ended_at=timezone.now())
    organizations.disable(disabled)
    assert told(client) == []
