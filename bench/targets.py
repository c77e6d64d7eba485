"""Every target, T1 to T24, as a table: what is measured, what it has to be, what would be best, and which command
measures it. A run fills in figures; a part without one says "not measured", and its target is not met.

R is requests per second over a bare `JsonResponse` view without middleware on the same database. A part without `must`
is there to read the others by.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class By(StrEnum):
    """The make target that measures a part."""

    BENCH = "bench"
    PEERS = "bench-peers"
    GROWTH = "bench-growth"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One figure of a target. `more_is_better` turns the comparison. What lies below `floor` is the machine's noise,
    since the code cannot do that."""

    what: str
    unit: str = ""
    by: By = By.BENCH
    must: float | None = None
    best: float | None = None
    more_is_better: bool = False
    floor: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """`peer` says whom the target was set against, and what that one was measured at then."""

    title: str
    parts: dict[str, Part] = field(default_factory=dict)
    peer: str = ""


def _signature(algorithm: str, must: float, best: float) -> Part:
    return Part(what=f"verify {algorithm} / the bare signature", unit="x", must=must, best=best, floor=1)


def _ratio(what: str, must: float, best: float) -> Part:
    return Part(what=what, unit="x", by=By.PEERS, must=must, best=best, more_is_better=True)


def _count(what: str, must: float) -> Part:
    return Part(what=what, must=must)


def _page(what: str) -> Part:
    return Part(what=what, unit="ms", by=By.GROWTH, must=300, best=100)


def _times_quiet(what: str) -> Part:
    return Part(what=what, unit="x", by=By.PEERS, must=2, best=1.2)


TARGETS: dict[str, Target] = {
    "T1": Target(
        title="verify one token, all checks, over the raw signature",
        peer="joserfc 2.4 / 1.6 / 1.3; PyJWT 4.1 / 1.9 / 1.6; PyJWKClient 6.9 / 2.7 / 2.1",
        parts={
            "rs256": _signature("RS256", 1.9, 1.55),
            "es256": _signature("ES256", 1.35, 1.18),
            "eddsa": _signature("EdDSA", 1.25, 1.10),
        },
    ),
    "T2": Target(
        title="the same token again",
        peer="none has it",
        parts={"again": Part(what="a token that was verified before", unit="us", must=3, best=1.5)},
    ),
    "T3": Target(
        title="app user, new token, known client and user",
        peer="drf-oidc-auth 0.25 R, mozilla's DRF class 0.10 R; served: T18",
        parts={
            "queries": _count("queries: new token", 0),
            "r": Part(what="new token (RS256), in process", unit="R"),
        },
    ),
    "T4": Target(
        title="app user, token seen before",
        peer="simplejwt stateless 0.55 R; served: T18",
        parts={
            "queries": _count("queries: token seen before", 0),
            "r": Part(what="token seen before, in process", unit="R"),
        },
    ),
    "T5": Target(
        title="app user, nothing cached",
        peer="simplejwt with user 0.31 R, knox 0.20 R",
        parts={
            "queries": _count("queries: nothing cached", 1),
            "r": Part(what="nothing cached, in process", unit="R"),
        },
    ),
    "T6": Target(
        title="our own access token",
        peer="simplejwt stateless; served: T19",
        parts={
            "queries": _count("queries: access token seen before", 0),
            "queries.first": Part(what="queries: access token, first time"),
            "r": Part(what="access token seen before, in process", unit="R"),
            "r.first": Part(what="access token, first time, in process", unit="R"),
        },
    ),
    "T7": Target(
        title="API key",
        peer="knox 0.20 R; served: T20",
        parts={
            "queries": _count("queries: API key not cached", 1),
            "writes": _count("rows written per request", 0),
            "queries.again": Part(what="queries: API key cached"),
            "r": Part(what="API key cached, in process", unit="R"),
            "r.first": Part(what="API key not cached, in process", unit="R"),
        },
    ),
    "T8": Target(
        title="200 threads, cold keys",
        peer="PyJWKClient 1 fetch; mozilla, allauth, Authlib 200",
        parts={
            "fetches": _count("fetches", 1),
            "failures": _count("failures", 0),
            "slowest": Part(what="the slowest, beyond the endpoint's 200 ms", unit="ms", must=50),
        },
    ),
    "T9": Target(
        title="1000 tokens with unknown kid",
        peer="PyJWKClient stalls good tokens for the endpoint's latency",
        parts={
            "fetches": _count("fetches in a cooldown", 1),
            "p99": Part(what="good tokens' p99 moves by", unit="ms", must=5),
        },
    ),
    "T10": Target(
        title="key endpoint down or hanging, keys known",
        peer="PyJWKClient, mozilla, allauth, drf-oidc-auth: every token fails",
        parts={
            "failed": _count("endpoint down: good tokens that failed", 0),
            "failed.hanging": _count("endpoint hanging: good tokens that failed", 0),
            "failed.restart": _count("endpoint down, after a restart: good tokens that failed", 0),
            "waiting": Part(what="endpoint hanging: the slowest good token", unit="ms", must=50),
            "attempts": _count("attempts in a cooldown", 1),
        },
    ),
    "T11": Target(
        title="rotation",
        peer="PyJWKClient 30 s",
        parts={
            "new": Part(what="a new kid is believed after", unit="s", must=10, best=0),
            "removed": Part(what="a removed key is refused after", unit="s", must=330),
        },
    ),
    "T12": Target(
        title="initiate",
        peer="allauth: a discovery GET each time",
        parts={
            "calls": _count("calls to the provider", 0),
            "writes": _count("writes", 1),
            "queries": Part(what="queries"),
        },
    ),
    "T13": Target(
        title="callback, warm",
        peer="mozilla 3 calls, 50 ms CPU",
        parts={
            "calls": _count("calls to the provider", 2),
            "discovery": _count("of them discovery and keys", 0),
            "held": _count("of them inside a transaction", 0),
            "connection": _count("of them with a database connection held", 0),
            "commits": _count("commits", 2),
            "queries": Part(what="queries"),
            "cpu": Part(what="own CPU of the callback", unit="ms", must=5, best=3),
        },
    ),
    "T14": Target(
        title="code exchange; refresh rotation",
        peer="simplejwt 197/s",
        parts={
            "exchange": _count("exchange: commits", 1),
            "exchange.queries": Part(what="exchange: queries"),
            "parallel": _count("50 parallel uses of one code: successes", 1),
            "rotation": _count("rotation: commits", 1),
            "rotation.queries": Part(what="rotation: queries"),
            "served": Part(
                what="rotation / simplejwt's, served, PostgreSQL", unit="x", by=By.PEERS, must=4, more_is_better=True
            ),
        },
    ),
    "T15": Target(
        title="lists at 100,000 pools, 1,000,000 app users",
        peer="DRF's page numbers: 58 + 37 ms",
        parts={
            "far": Part(what="a page far behind / page 1", unit="x", by=By.GROWTH, must=1.5),
            "page": Part(what="50 rows", unit="ms", by=By.GROWTH, must=2, best=1.2),
            "count": Part(what="statements with COUNT or OFFSET", by=By.GROWTH, must=0),
        },
    ),
    "T16": Target(
        title="outbound HTTP",
        peer="requests.get 16.6 ms with TLS",
        parts={
            "cpu": Part(what="a warm call: own CPU", unit="ms", must=1, best=0.6),
            "contexts": _count("200 calls: TLS contexts built", 0),
            "connections": _count("200 calls: new connections", 0),
        },
    ),
    "T17": Target(
        title="a bare view behind the API's middleware",
        peer="bare Django without any",
        parts={
            "served": _ratio("/livez / bare Django, served", 0.80, 0.90),
            "r": Part(what="/livez, in process", unit="R"),
        },
    ),
    "T18": Target(
        title="app user, served",
        peer="simplejwt stateless behind Django's default middleware; drf-oidc-auth",
        parts={
            "seen": _ratio("token seen before / simplejwt stateless", 1.2, 1.4),
            "new": _ratio("new token / simplejwt stateless", 1.0, 1.2),
            "new.oidc": _ratio("new token / drf-oidc-auth", 2.0, 2.5),
        },
    ),
    "T19": Target(
        title="own token at /api/auth/me, served",
        peer="simplejwt with user",
        parts={
            "served": _ratio("/api/auth/me / simplejwt with user", 1.0, 1.3),
            "queries": _count("queries of /api/auth/me", 2),
        },
    ),
    "T20": Target(
        title="API key, list of 50 pools, served",
        peer="knox at an empty view",
        parts={"served": _ratio("list of 50 pools / knox", 1.5, 2.0)},
    ),
    "T21": Target(
        title="password sign-in",
        peer="Django's own argon2 parameters: 212 ms, 100 MiB",
        parts={
            "cpu": Part(what="own CPU", unit="ms", by=By.PEERS, must=60, best=40),
            "memory": Part(what="memory that one sign-in adds", unit="MiB", by=By.PEERS, must=25),
            "livez": Part(what="/livez p99 while 64 sign in at once", unit="ms", by=By.PEERS, must=100),
        },
    ),
    "T22": Target(
        title="provider sign-in, initiate to exchange",
        peer="mozilla-django-oidc, allauth",
        parts={"cpu": Part(what="own CPU", unit="ms", by=By.PEERS, must=15, best=10)},
    ),
    "T23": Target(
        title="admin at 1,000,000 audit events, 200,000 people",
        peer="",
        parts={
            "audit": _page("audit events: first page"),
            "audit.found": _page("audit events: a search that finds"),
            "audit.nothing": _page("audit events: a search that finds nothing"),
            "people": _page("people: first page"),
            "people.found": _page("people: a search that finds"),
            "people.nothing": _page("people: a search that finds nothing"),
        },
    ),
    "T24": Target(
        title="while 32 callers hang on one provider",
        peer="",
        parts={
            "app": _times_quiet("/app/me p99 / quiet"),
            "livez": _times_quiet("/livez p99 / quiet"),
        },
    ),
}


def parts() -> Iterator[tuple[str, Part]]:
    """Every part under its key: `T1.rs256`."""
    for name, target in TARGETS.items():
        for part, what in target.parts.items():
            yield f"{name}.{part}", what


PARTS: dict[str, Part] = dict(parts())
