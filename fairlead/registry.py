"""Lists that apps add to in `ready()`, where one app must use what another brings and may not import it.

A registry holds objects, not dotted paths: a misspelt name fails at start, not when it is needed. No Django here.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """In the order in which it was added to. Adding the same object again changes nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> None:
        """`name` says what it is, to people and in tests. Raises ValueError for another entry of that name."""
        if self._entries.setdefault(name, entry) is not entry:
            raise ValueError(f"{name} is there already")

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def items(self) -> list[tuple[str, T]]:
        return list(self._entries.items())
