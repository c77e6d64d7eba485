"""T3 to T5: the request of an app user at GET /app/me, as R over the bare view, with its queries."""

from collections.abc import Callable
from functools import partial
from itertools import cycle

from django.conf import settings

from bench.counting import counted
from bench.results import Row
from bench.stage import caller
from bench.timing import Case, best
from bench.verification import PERSON
from fairlead import memory
from fairlead.orgs import organizations
from sdkclients import clients
from tests.configure import configure
from tests.issuer import KeyServer
from userpools import identity, pools

_TOKENS = 15


def measure() -> list[Row]:
    with KeyServer() as server:
        configure(settings, POOL_PRIVATE_ORIGINS=(server.origin,))
        pool = pools.create(
            organizations.create("Bench"),
            name="Customers",
            given={
                "jwksUri": server.jwks_uri,
                "issuer": server.issuer.url,
                "audience": ["client-1"],
                "algorithms": ["RS256"],
            },
        )
        client = clients.create_application(pool, name="Web")
        tokens = [server.issuer.token(jti=str(number), **PERSON) for number in range(_TOKENS)]
        ask = caller("/app/me", X_Client_Id=str(client.pk))
        ask(tokens[0])
        rows = _times(ask, tokens)
        rows += _queries(ask, tokens)
    return sorted(rows, key=lambda row: row.target)


def _forget_tokens() -> None:
    identity._verified.clear()


def _forget_everything() -> None:
    """What a new process would know, but for the issuer's keys."""
    _forget_tokens()
    memory.forget_everything()


def _times(ask: Callable[..., None], tokens: list[str]) -> list[Row]:
    new, cold = cycle(tokens), cycle(tokens)
    times = best(
        {
            "bare": Case(call=caller("/bench/bare"), times=10),
            "new": Case(call=lambda: ask(next(new)), times=_TOKENS, before_round=_forget_tokens),
            "seen": Case(call=partial(ask, tokens[0]), times=10),
            "cold": Case(call=lambda: ask(next(cold)), times=5, before_each=_forget_everything),
        }
    )
    bare = times["bare"]
    return [
        Row(target="T3", what="  the bare view", measured=bare * 1e6, unit="us"),
        Row(target="T3", what="app user, new token (RS256)", measured=bare / times["new"], unit="R", must=0.38,
            best=0.41, more_is_better=True),
        Row(target="T4", what="app user, token seen before", measured=bare / times["seen"], unit="R", must=0.52,
            best=0.58, more_is_better=True),
        Row(target="T5", what="app user, nothing cached", measured=bare / times["cold"], unit="R", must=0.27,
            best=0.45, more_is_better=True),
    ]  # fmt: skip


def _queries(ask: Callable[..., None], tokens: list[str]) -> list[Row]:
    def number(forget: Callable[[], None] | None, raw_token: str) -> int:
        ask(tokens[0])
        if forget is not None:
            forget()
        with counted() as seen:
            ask(raw_token)
        return seen.queries

    return [
        Row(target="T3", what="queries: new token", measured=number(_forget_tokens, tokens[1]), must=0),
        Row(target="T4", what="queries: token seen before", measured=number(None, tokens[0]), must=0),
        Row(target="T5", what="queries: nothing cached", measured=number(_forget_everything, tokens[1]), must=1),
    ]
