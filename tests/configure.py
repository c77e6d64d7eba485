"""Changing FAIRLEAD in a test. A new dictionary each time: a change in place is not seen, and leaks into later tests."""

from typing import Any


def configure(settings: Any, **values: Any) -> None:
    """`settings` is pytest-django's fixture, which puts the old dictionary back."""
    settings.FAIRLEAD = {**settings.FAIRLEAD, **values}
