"""For test suites: a guard that fails any outbound call made inside a database transaction.

A provider that takes five seconds would hold a connection and its locks for as long. Install it once per suite:
`fetch.before_request = testing.refuse_inside_transactions`.
"""

from django.db import connections


def refuse_inside_transactions(url: str) -> None:
    """Raise AssertionError if this thread is in an atomic block other than the test's own."""
    for connection in connections.all(initialized_only=True):
        # Django marks the block that TestCase (and pytest-django) wraps around a test.
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise AssertionError(f"An outbound call to {url.partition('?')[0]} inside a database transaction.")
