"""Filling a registry anew for one test."""

from typing import Any

from fairlead.registry import Registry


def only(monkeypatch: Any, registry: Registry[Any], *entries: Any) -> None:
    """`monkeypatch` is pytest's fixture, which puts the old entries back."""
    monkeypatch.setattr(registry, "_entries", {str(position): entry for position, entry in enumerate(entries)})
