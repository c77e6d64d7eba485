"""T3 to T5, T17: the request of an app user at GET /app/me and /livez, as R over the bare view, with its queries."""

from collections.abc import Callable
from functools import partial
from itertools import cycle

from bench.counting import counted
from bench.results import Row
from bench.stage import bare, caller, configure
from bench.timing import Case, best
from bench.verification import PERSON
from fairlead import memory
from fairlead.orgs import organizations
from sdkclients import clients
from tests.issuer import KeyServer
from userpools import pools, verified_tokens

_TOKENS = 15


def measure() -> list[Row]:
    with KeyServer() as server:
        configure(POOL_PRIVATE_ORIGINS=(server.origin,))
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
    return rows


def _forget_tokens() -> None:
    verified_tokens._verified.changes.bump()


def _times(ask: Callable[..., None], tokens: list[str]) -> list[Row]:
    new, cold = cycle(tokens), cycle(tokens)
    times = best(
        {
            "bare": Case(call=bare(), times=20),
            "livez": Case(call=caller("/livez"), times=10),
            "new": Case(call=lambda: ask(next(new)), times=_TOKENS, before_round=_forget_tokens),
            "seen": Case(call=partial(ask, tokens[0]), times=10),
            "cold": Case(call=lambda: ask(next(cold)), times=5, before_each=memory.forget_everything),
        }
    )
    r = {name: times["bare"] / taken for name, taken in times.items()}
    return [
        Row(part="T3.r", measured=r["new"], note=f"the bare view: {times['bare'] * 1e6:.0f} us"),
        Row(part="T4.r", measured=r["seen"]),
        Row(part="T5.r", measured=r["cold"]),
        Row(part="T17.r", measured=r["livez"]),
    ]


def _queries(ask: Callable[..., None], tokens: list[str]) -> list[Row]:
    def number(forget: Callable[[], None] | None, raw_token: str) -> int:
        ask(tokens[0])
        if forget is not None:
            forget()
        with counted() as seen:
            ask(raw_token)
        return seen.queries

    return [
        Row(part="T3.queries", measured=number(_forget_tokens, tokens[1])),
        Row(part="T4.queries", measured=number(None, tokens[0])),
        Row(part="T5.queries", measured=number(memory.forget_everything, tokens[1])),
    ]
