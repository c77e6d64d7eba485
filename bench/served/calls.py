"""One request that is sent again and again, as data: a project's own process makes it, the run sends it."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

# Of the identity provider of the run: whom its tokens speak of.
SUBJECT = "person-1"
EMAIL = "person@example.org"
# Refresh tokens that one run of wrk begins with: more than it has connections. And how many runs there may be.
TOKENS_A_RUN, RUNS = 20, 6
REFRESH_TOKENS = TOKENS_A_RUN * RUNS


@dataclass(frozen=True, kw_only=True)
class Call:
    """`bearers` names the run's list of ID tokens of which each request takes the next. `chained` is the member of the
    answer that the next body carries, and what the first bodies carry."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    bearers: str = ""
    chained: tuple[str, tuple[str, ...]] | None = None


def dumps(calls: dict[str, Call]) -> str:
    return json.dumps({name: asdict(call) for name, call in calls.items()})


def loads(text: str) -> dict[str, Call]:
    return {name: _call(given) for name, given in json.loads(text).items()}


def _call(given: dict[str, Any]) -> Call:
    chained = given.pop("chained")
    return Call(**given, chained=None if chained is None else (chained[0], tuple(chained[1])))
