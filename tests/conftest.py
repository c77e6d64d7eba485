"""Fixtures of the whole suite."""

from collections.abc import Iterator

import pytest

from idtokens import background, directory, fetch, sessions, testing
from orgs import lookups

pytest_plugins = ["tests.providers.fixtures", "tests.servers", "tests.browser.fixtures"]


@pytest.fixture(autouse=True)
def _no_outbound_call_inside_a_transaction() -> Iterator[None]:
    fetch.before_request = testing.refuse_inside_transactions
    # A refresh in a thread of its own would see another database than the test's open transaction.
    directory.start_again(run=background.inline)
    yield
    fetch.before_request = None
    sessions.close_all()


@pytest.fixture(autouse=True)
def _nothing_is_remembered_from_the_test_before() -> None:
    lookups.forget_everything()
