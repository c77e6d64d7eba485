"""Fixtures of the accounts tests."""

import pytest

from accounts import recent


@pytest.fixture(autouse=True)
def _nothing_remembered_between_tests():
    recent.forget()
