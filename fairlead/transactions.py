"""Writes that have to be committed whatever becomes of the rest: claims, budgets, codes that were used."""

from typing import Any

from django.db import transaction


def durable(using: str | None = None) -> Any:
    """A transaction that is committed at its end: durable, unless the caller is inside one already.

    Nobody of ours calls it inside one. A host with ATOMIC_REQUESTS may, where it calls our functions itself; then this
    is part of the host's transaction, since nothing else is possible there.
    """
    return transaction.atomic(using=using, durable=not transaction.get_connection(using).in_atomic_block)
