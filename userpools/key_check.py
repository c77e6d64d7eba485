"""What a pool's keys look like now, step by step, in words for whoever set the pool up: `/check` and the admin."""

import json
from datetime import UTC, datetime
from typing import Any

from fairlead.idtokens import issuers, outbound, waiting
from fairlead.idtokens.discovery import discovery_url
from fairlead.idtokens.documents import STALE_IF_ERROR
from fairlead.idtokens.errors import MetadataRefused, MetadataUnavailable
from fairlead.idtokens.issuers import State
from fairlead.idtokens.models import RemoteDocument
from userpools import pool_keys, signing_keys
from userpools.authorization import warnings_of
from userpools.models import UserPool
from userpools.serializers import moment


def check(pool: UserPool, *, now: datetime) -> dict[str, Any]:
    """Fetch the keys, if the URL's cooldown allows, and say what is known. Failures are in the answer, never raised."""
    if pool.hosted:
        return _hosted(pool, now=now)
    steps: list[dict[str, Any]] = []
    jwks_uri = pool.jwks_uri or _discovered(pool, steps)
    if jwks_uri is None:
        return _answer(pool, None, steps, now=now)
    with waiting.outside.place(f"organization:{pool.organization_id}"):
        state = issuers.check_now(jwks_uri, outbound=outbound.pools(), group=str(pool.organization_id))
    steps += _steps(state, now=now)
    unreachable = state.error is not None
    if pool.keys_unreachable is not unreachable:
        UserPool.objects.filter(pk=pool.pk).update(keys_unreachable=unreachable)
        pool.keys_unreachable = unreachable
    steps += [_step("rules", "ok", warning["detail"]) for warning in warnings_of(pool)]
    return _answer(pool, state, steps, now=now)


def last_fetch(pool: UserPool) -> State | None:
    """What is known about a self-hosted pool's keys. Asks nobody."""
    jwks_uri = pool.jwks_uri or _last_discovered(pool.issuer)
    return issuers.state(jwks_uri) if jwks_uri else None


def note_recovery(pool: UserPool) -> None:
    """Take the warning back where the keys were fetched since. One query, and only for a pool that carries it."""
    state = last_fetch(pool) if pool.keys_unreachable else None
    if state is not None and state.fetched_at is not None and state.error is None:
        UserPool.objects.filter(pk=pool.pk).update(keys_unreachable=False)
        pool.keys_unreachable = False


def _metadata(issuer: str) -> RemoteDocument | None:
    return RemoteDocument.objects.filter(kind=RemoteDocument.Kind.METADATA, url=discovery_url(issuer)).first()


def _refused_since(issuer: str) -> str:
    """Why the last attempt brought no discovery document; empty where it did."""
    kept = _metadata(issuer)
    return "" if kept is None else kept.error


def _last_discovered(issuer: str) -> str | None:
    kept = _metadata(issuer)
    jwks_uri = json.loads(kept.document).get("jwks_uri") if kept is not None and kept.document else None
    return jwks_uri if isinstance(jwks_uri, str) else None


def _discovered(pool: UserPool, steps: list[dict[str, Any]]) -> str | None:
    try:
        found = pool_keys.discover(pool.issuer, organization_id=pool.organization_id)
    except (MetadataUnavailable, MetadataRefused) as error:
        remedy = "Set jwksUri, or have the issuer publish a discovery document that names exactly this issuer."
        steps.append(_step("discovery", "failed", error.detail, remedy=remedy))
        return None
    if refused := _refused_since(pool.issuer):
        text = f"{refused} The document that was fetched before serves on, for a day at most."
        steps.append(_step("discovery", "failed", text, remedy="Have the issuer mend its discovery document."))
        return found
    steps.append(
        _step("discovery", "ok", f"The discovery document of {pool.issuer} says that the keys are at {found}.")
    )
    return found


def _steps(state: State, *, now: datetime) -> list[dict[str, Any]]:
    age = "" if state.fetched_at is None else f"{now.timestamp() - state.fetched_at:.0f} seconds ago"
    if state.error is not None:
        remedy = "Correct jwksUri." if state.error_is_final else "See whether the address answers from this machine."
        fetch = _step("fetch", "failed", f"{state.url}: {state.error}", remedy=remedy)
    elif state.fetched_now:
        fetch = _step("fetch", "ok", f"{state.url} was fetched just now.")
    else:
        fetch = _step("fetch", "ok", f"{state.url} was fetched {age}; it is asked at most once in 10 seconds.")
    if state.fetched_at is None:
        return [
            fetch,
            _step("keys", "failed", "No keys are known yet.", remedy="Tokens are refused with 503 until then."),
        ]
    ignored = "".join(
        f" Entry {each.position + 1} ({each.kid}) is not used: it {each.reason}." for each in state.ignored
    )
    outcome = "ok" if state.kids else "failed"
    return [fetch, _step("keys", outcome, f"{len(state.kids)} usable keys, from {age}.{ignored[:2000]}")]


def _hosted(pool: UserPool, *, now: datetime) -> dict[str, Any]:
    kids = [key["kid"] for key in signing_keys.published(pool.pk, now=now)]
    answer = _answer(pool, None, [_step("keys", "ok", f"Hosted: {len(kids)} keys of its own are published.")], now=now)
    return {**answer, "usable": True, "keys": [{"kid": kid} for kid in kids]}


def _answer(pool: UserPool, state: State | None, steps: list[dict[str, Any]], *, now: datetime) -> dict[str, Any]:
    fetched_at = state.fetched_at if state else None
    age = None if fetched_at is None else max(0, int(now.timestamp() - fetched_at))
    return {
        "userPoolId": str(pool.pk),
        "usable": bool(state and state.kids) and age is not None and age < STALE_IF_ERROR,
        "fetchedAt": None if fetched_at is None else moment(datetime.fromtimestamp(fetched_at, tz=UTC)),
        "ageSeconds": age,
        "steps": steps,
        "keys": [{"kid": kid} for kid in state.kids] if state else [],
    }


def _step(name: str, outcome: str, text: str, *, remedy: str | None = None) -> dict[str, Any]:
    return {"name": name, "outcome": outcome, "text": text, "remedy": remedy}
