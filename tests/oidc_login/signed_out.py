"""Whose sessions ended, as receivers of Django's signal are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.signals import user_logged_out


@contextmanager
def signed_out() -> Iterator[list[Any]]:
    told = []

    def receiver(sender: Any, user: Any, **_: Any) -> None:
        told.append(user)

    user_logged_out.connect(receiver)
    try:
        yield told
    finally:
        user_logged_out.disconnect(receiver)
