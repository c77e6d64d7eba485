from collections.abc import Iterator
from typing import Any

import pytest

from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.orgs.probe import PersonHeader
from tests.tenants import Tenant, recognise_members


@pytest.fixture(autouse=True)
def _people_are_recognised_by_a_header(monkeypatch: Any) -> None:
    recognise_members(monkeypatch, PersonHeader)


@pytest.fixture
def tenant(client: Any, db: None) -> Tenant:
    return Tenant(client, "First Organization")


@pytest.fixture
def other(client: Any, db: None) -> Tenant:
    return Tenant(client, "Other Organization")


@pytest.fixture
def keys(settings: Any) -> Iterator[KeyServer]:
    """A key endpoint on this machine, which the operator allows."""
    with KeyServer(Signer("ES256")) as server:
        configure(settings, POOL_PRIVATE_ORIGINS=[server.origin])
        yield server
