"""Fixtures that start the real providers, once per test run. A missing Node.js is an error, never a skip."""

from collections.abc import Iterator

import pytest

from tests.providers.panva import Panva
from tests.providers.started import Provider
from tests.providers.toolkit import Toolkit


@pytest.fixture(scope="session")
def toolkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toolkit]:
    provider = Toolkit(tmp_path_factory.mktemp("toolkit"))
    provider.prepare()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def panva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panva]:
    provider = Panva(tmp_path_factory.mktemp("panva"))
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(params=["toolkit", "panva"])
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each real provider in turn."""
    started: Provider = request.getfixturevalue(request.param)
    started.start()
    started.forget_counts()
    return started
