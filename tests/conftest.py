"""Fixtures of the whole suite."""

import os
import socketserver
import uuid
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache, caches
from werkzeug.serving import BaseWSGIServer

from fairlead import memory
from fairlead.audit import refusals, token_doors
from fairlead.idtokens import background, fetch, http_adapters, issuers, waiting
from tests import fake_outbound

# A server of a test looks for its end as often as this, in seconds: half a second each would be most of the suite's time.
for _serve in (socketserver.BaseServer.serve_forever, BaseWSGIServer.serve_forever):
    _serve.__defaults__ = (0.02,)

# How long an example takes is the machine's business: no test asserts a time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

pytest_plugins = [
    "tests.compared",
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
    refusals._list().clear()
    token_doors.start_again(in_background=False)
    waiting.start_again(most=8)


@pytest.fixture(autouse=True)
def _cache_of_its_own() -> None:
    """What one test counted or kept in the cache (Redis outlives the run) is not there for the next.

    The prefix of this thread's connection, and of those that the test's own threads will open.
    """
    cache.key_prefix = caches.settings["default"]["KEY_PREFIX"] = f"test-{uuid.uuid4().hex}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what could not run was not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
