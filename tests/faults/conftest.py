from collections.abc import Iterator
from typing import Any

import pytest

from tests.configure import configure
from tests.faults.stage import Stage
from tests.issuer import KeyServer, Signer
from tests.oidc_login.conftest import Browser, browser, provider  # noqa: F401 - fixtures
from tests.orgs.probe import PersonHeader
from tests.tenants import Tenant, recognise_members


@pytest.fixture
def stage(settings: Any, browser: Browser, client: Any, monkeypatch: Any) -> Iterator[Stage]:  # noqa: F811
    recognise_members(monkeypatch, PersonHeader)
    with KeyServer(Signer("ES256")) as server:
        configure(settings, POOL_PRIVATE_ORIGINS=[server.origin])
        yield Stage(settings, browser.provider, browser, server, Tenant(client, "First Organization"))
