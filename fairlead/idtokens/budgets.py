"""What a fetch is charged to: never to a name alone that strangers share. Django-free.

An organization pays for its own URLs, per host and in all. URLs that gave a good document before have a reserve of
their own, and so have the sign-in providers of the operator: whoever enters bad URLs delays no rotation of others. What
all organizations together ask of one host has a wide cap.
"""

from dataclasses import dataclass

from fairlead import origins

# Fetches a minute.
AT_ONE_HOST = 30
OF_ONE_ORGANIZATION = 60
OF_ALL = 10 * AT_ONE_HOST


@dataclass(frozen=True, kw_only=True)
class Budget:
    """So many fetches a minute. `own`: nobody but the caller's organization spends it."""

    name: str
    most: int
    own: bool = False


def of(url: str, *, group: str | None, known: bool) -> list[Budget]:
    """For a fetch of this URL. `group` is an organization, or None for a provider of the operator's."""
    origin = origins.of(url)
    if group is None:
        return [Budget(name=f"provider {origin}", most=OF_ALL)]
    kind = "known" if known else "new"
    return [
        Budget(name=f"{kind} {group} {origin}", most=AT_ONE_HOST, own=True),
        Budget(name=f"{kind} {group}", most=OF_ONE_ORGANIZATION, own=True),
        Budget(name=f"{kind} {origin}", most=OF_ALL),
    ]
