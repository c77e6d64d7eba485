"""Which roles, or groups, the claims of a provider give. Pure: no rows, no Django.

An administrator's table says which value of one claim means what; nothing else of a token gives a right. Values are
compared exactly, and only text counts. Absent is not empty: an issuer that says nothing about groups changes nothing
(Entra leaves the claim out completely past 200 groups and points to `_claim_sources`, which is never fetched: its
address is the token's choice).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

R = TypeVar("R", bound=str)
G = TypeVar("G", bound=str)


class Found(StrEnum):
    VALUES = "values"
    """The claim is there; it may be an empty list."""
    ABSENT = "absent"
    ELSEWHERE = "elsewhere"
    """The issuer says that the values are too many for the token (OpenID Connect Core 5.6.2, distributed claims)."""
    UNREADABLE = "unreadable"
    """Neither text nor a list of texts."""


@dataclass(frozen=True, kw_only=True)
class ClaimValues:
    """What was found under the claim's name. `values` in the token's order, only where `found` is VALUES."""

    found: Found
    values: tuple[str, ...] = ()


def read(claims: Mapping[str, Any], name: str) -> ClaimValues:
    """The values of the claim `name`: looked up whole first, then as a dotted path.

    Auth0's names are URLs with dots ("https://acme.org/roles"), Keycloak's roles lie deeper ("realm_access.roles").
    """
    if _said_to_be_elsewhere(claims, name):
        return ClaimValues(found=Found.ELSEWHERE)
    there, value = _value(claims, name)
    if not there:
        return ClaimValues(found=Found.ABSENT)
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        return ClaimValues(found=Found.UNREADABLE)
    return ClaimValues(found=Found.VALUES, values=tuple(values))


def role(said: ClaimValues, *, table: Mapping[str, R], highest_first: Sequence[R], default: R) -> R | None:
    """The highest role that the values give; `default` where none of them is in the table; None: nothing changes.

    A new member gets `default` instead of None.
    """
    if said.found is not Found.VALUES:
        return None
    given = {table[value] for value in said.values if value in table}
    return next((each for each in highest_first if each in given), default)


@dataclass(frozen=True, kw_only=True)
class GroupChanges:
    """Which groups a person joins and leaves. No group is in both."""

    join: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()


def groups(
    said: ClaimValues, *, table: Mapping[str, Collection[G]], held: Collection[G], from_claims: Collection[G]
) -> GroupChanges:
    """What changes in the groups that a person holds. `from_claims` are those of them that came by this way.

    A group that somebody gave by hand stays, whether it is in the table or not. One that came from the claim goes
    when the claim no longer gives it, also when the claim is left out; it stays where the values are only elsewhere.
    """
    if said.found in {Found.ELSEWHERE, Found.UNREADABLE}:
        return GroupChanges()
    given = frozenset(group for value in said.values for group in table.get(value, ()))
    return GroupChanges(join=given - frozenset(held), leave=frozenset(from_claims) & frozenset(held) - given)


def _said_to_be_elsewhere(claims: Mapping[str, Any], name: str) -> bool:
    sources = claims.get("_claim_names")
    if isinstance(sources, Mapping) and (name in sources or name.partition(".")[0] in sources):
        return True
    # What Entra sends in place of `groups` where an URL has no room for more.
    return name == "groups" and bool(claims.get("hasgroups"))


def _value(claims: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    if name in claims:
        return True, claims[name]
    inner: Any = claims
    for step in name.split("."):
        if not isinstance(inner, Mapping) or step not in inner:
            return False, None
        inner = inner[step]
    return True, inner
