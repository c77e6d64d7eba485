from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import Organization
from tests.orgs.probe import PersonHeader
from tests.tenants import recognise_members


@pytest.fixture
def organization(db: None) -> Organization:
    return organizations.create("First Organization")


@pytest.fixture
def raw_key(organization: Organization) -> str:
    return api_keys.make(organization, name="backend")[1].plaintext


@pytest.fixture
def door(settings: Any, monkeypatch: Any) -> Client:
    settings.ROOT_URLCONF = "tests.orgs.probe"
    recognise_members(monkeypatch, PersonHeader)
    return Client()


def person(email: str) -> Any:
    return get_user_model().objects.create(email=email)


def bearer(raw_key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {raw_key}"}
