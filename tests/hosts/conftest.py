"""The wheels of this tree, built once per run, and the hosts made with them."""

from pathlib import Path

import pytest

from tests.hosts.wheels import Wheels


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    return Wheels.built(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder outside the checkout."""
    return tmp_path_factory.mktemp("host")
