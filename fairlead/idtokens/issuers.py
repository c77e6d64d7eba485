"""Other people's keys and metadata, for both wings: the one door to the document cache.

    issuers.keys(jwks_uri, outbound=outbound.pools(), group=str(organization.pk))  -> for `verify(..., keys=...)`
    issuers.metadata(issuer, outbound=outbound.providers())                        -> ProviderMetadata

Never called inside a database transaction: a call may ask the other side.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from fairlead.idtokens import background, cached_keys, discovery
from fairlead.idtokens.cached_keys import CachedKeys
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.document_cache import DocumentCache, Runner
from fairlead.idtokens.documents import AsGood, Crowded, OverBudget, Source, Unavailable
from fairlead.idtokens.errors import (
    FetchesUsedUp,
    FetchFailed,
    FetchRefused,
    KeysUnavailable,
    MetadataCrowded,
    MetadataRefused,
    MetadataUnavailable,
)
from fairlead.idtokens.fetch import Fetcher
from fairlead.idtokens.keys import Ignored, KeySet
from fairlead.idtokens.models import RemoteDocument
from fairlead.idtokens.store import DatabaseStore, snapshot_of


@dataclass(frozen=True, kw_only=True)
class State:
    """What is known about a key URL, for people: `check` and the admin. Times are Unix times in seconds, or None.

    `kids` and `ignored` describe the last good set. `fetched_now` says whether the other side was asked just now.
    """

    url: str
    fetched_at: float | None
    next_fetch_at: float | None
    kids: tuple[str | None, ...]
    ignored: tuple[Ignored, ...]
    error: str | None
    error_at: float | None
    error_is_final: bool
    fetched_now: bool = False


class _Caches:
    def __init__(self, *, run: Runner, clock: Callable[[], float]) -> None:
        store = DatabaseStore()
        self.keys: DocumentCache[KeySet] = DocumentCache(
            kind=RemoteDocument.Kind.KEYS,
            parse=cached_keys.parse,
            store=store,
            run=run,
            clock=clock,
            ask_when_overdue=True,
        )
        self.metadata: DocumentCache[dict[str, Any]] = DocumentCache(
            kind=RemoteDocument.Kind.METADATA,
            parse=discovery.parse,
            store=store,
            run=run,
            clock=clock,
            ask_when_overdue=False,
        )


_caches = _Caches(run=background.start, clock=time.time)


def start_again(*, run: Runner = background.start, clock: Callable[[], float] = time.time) -> None:
    """Forget what this process knows, as a restart does. Tests pass `background.inline` and a clock of their own."""
    global _caches  # noqa: PLW0603 - the one object of this process
    _caches = _Caches(run=run, clock=clock)


os.register_at_fork(after_in_child=start_again)


def keys(jwks_uri: str, *, outbound: Fetcher, group: str | None = None) -> CachedKeys:
    """The keys at this URL. Asks nobody yet. Raises KeysUnavailable where the URL may not be called at all."""
    try:
        _require_allowed(jwks_uri, outbound)
    except FetchRefused as error:
        raise KeysUnavailable(f"The issuer's keys cannot be had: {error.to_others}").because(error) from None
    return CachedKeys(_caches.keys, _source(jwks_uri, outbound, group))


def metadata(issuer: str, *, outbound: Fetcher, group: str | None = None) -> ProviderMetadata:
    """The metadata of exactly this issuer. Raises MetadataUnavailable (may be passing) or MetadataRefused."""
    check_url = partial(_require_allowed, outbound=outbound)
    return discovery.read(_document(issuer, outbound, group), issuer=issuer, check_url=check_url)


def jwks_uri(issuer: str, *, outbound: Fetcher, group: str | None = None) -> str:
    """Where exactly this issuer's keys are, by its discovery document. Raises as `metadata` does."""
    return discovery.read_jwks_uri(_document(issuer, outbound, group), issuer=issuer, check_url=outbound.check_url)


def _document(issuer: str, outbound: Fetcher, group: str | None) -> dict[str, Any]:
    url = discovery.discovery_url(issuer)
    as_good = partial(discovery.require_as_good, issuer=issuer, check_url=outbound.check_url)
    try:
        _require_allowed(url, outbound)
        return _caches.metadata.get(_source(url, outbound, group, as_good)).value
    except FetchRefused as error:
        raise MetadataRefused(error.detail).because(error) from None
    except Unavailable as error:
        _require_budget(error)
        if error.final:
            raise MetadataRefused(f"The discovery document cannot be used: {error.detail}").because(error) from None
        detail = f"The discovery document cannot be had: {error.detail}"
        unavailable = MetadataCrowded if isinstance(error, Crowded) else MetadataUnavailable
        raise unavailable(detail, retry_after=error.retry_after).because(error) from None


def first_fetch(jwks_uri: str, *, outbound: Fetcher, group: str | None = None) -> KeySet:
    """The key set at a URL that somebody has just entered.

    Raises FetchRefused for what can never work (the URL, a private address, no key set, no usable key), FetchFailed
    for what may be passing, FetchesUsedUp where the organization has to wait.
    """
    _require_allowed(jwks_uri, outbound)
    source = _source(jwks_uri, outbound, group)
    try:
        _caches.keys.refresh(source)
        keyset = _caches.keys.get(source).value
    except Unavailable as error:
        _require_budget(error)
        raise (FetchRefused(error.detail) if error.final else FetchFailed(error.detail)).because(error) from None
    if not keyset.keys:
        reasons = "; ".join(f"entry {entry.position + 1} {entry.reason}" for entry in keyset.ignored[:5])
        raise FetchRefused(f"The key set holds no usable key{': ' + reasons if reasons else ''}.")
    return keyset


def check_now(jwks_uri: str, *, outbound: Fetcher, group: str | None = None) -> State:
    """Ask the other side if the URL's cooldown allows, and say what is known. Failures are in the State, not raised.

    Raises FetchesUsedUp where the organization has to wait.
    """
    asked = False
    try:
        _require_allowed(jwks_uri, outbound)
        asked = _caches.keys.refresh(_source(jwks_uri, outbound, group))
    except FetchRefused as error:
        return state(jwks_uri, refused=error.detail)
    except Unavailable as error:
        _require_budget(error)
        asked = True
    return state(jwks_uri, fetched_now=asked)


def forget_expired(now: datetime) -> int:
    """Delete documents that nobody has used in 30 days. Returns how many rows went."""
    return DatabaseStore().clear_expired(now=now.timestamp())


def state(url: str, *, fetched_now: bool = False, refused: str | None = None) -> State:
    """What is known about this key URL. Asks nobody. `refused` is why it may not be called at all, where it may not."""
    row = RemoteDocument.objects.filter(kind=RemoteDocument.Kind.KEYS, url=url).first()
    known = None if row is None else snapshot_of(row)
    keyset = KeySet()
    if known is not None and known.document is not None:
        keyset = cached_keys.parse(known.document)
    error = refused or (known.error if known is not None else "")
    return State(
        url=url,
        fetched_at=(known.fetched_at or None) if known else None,
        next_fetch_at=known.next_fetch_at if known else None,
        kids=tuple(key.kid for key in keyset.keys),
        ignored=keyset.ignored,
        error=error or None,
        error_at=(known.error_at or None) if known and known.error else None,
        error_is_final=refused is not None or bool(known and known.error and known.error_is_final),
        fetched_now=fetched_now,
    )


def _require_budget(error: Unavailable) -> None:
    if isinstance(error, OverBudget) and error.own:
        raise FetchesUsedUp(error.detail, retry_after=error.retry_after) from None


def _source(url: str, outbound: Fetcher, group: str | None, as_good: AsGood = cached_keys.require_as_good) -> Source:
    return Source(url=url, fetch=outbound.get_json, group=group, require_as_good=as_good)


# A URL that one caller may call is in the cache for all: so each caller's own permission is asked for, each time.
@lru_cache(maxsize=4096)
def _require_allowed(url: str, outbound: Fetcher) -> None:
    outbound.check_url(url)
