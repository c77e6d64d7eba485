"""Fixtures of the whole suite."""

import os
import uuid
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from fairlead import memory
from fairlead.idtokens import background, fetch, http_adapters, issuers
from tests import fake_outbound

pytest_plugins = [
    "tests.providers.fixtures",
    "tests.servers",
    "tests.live.toys",
    "tests.browser.fixtures",
    "tests.flows.fixtures",
    "tests.browser.site",
    "tests.browser.gallery",
]


@pytest.fixture(autouse=True)
def _no_outbound_call_inside_a_transaction() -> Iterator[None]:
    fetch.before_request = fake_outbound.refuse_inside_transactions
    # A refresh in a thread of its own would see another database than the test's open transaction.
    issuers.start_again(run=background.inline)
    yield
    fetch.before_request = None
    http_adapters.close_all()


@pytest.fixture(autouse=True)
def _nothing_is_remembered_from_the_test_before() -> None:
    memory.forget_everything()


@pytest.fixture(autouse=True)
def _cache_of_its_own() -> None:
    """What one test counted or kept in the cache (Redis outlives the run) is not there for the next."""
    cache.key_prefix = f"test-{uuid.uuid4().hex}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what could not run was not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
