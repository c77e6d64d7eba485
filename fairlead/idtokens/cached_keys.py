"""Keys of one URL, for the verifier: cached, refreshed when a token shows that they may have changed."""

from typing import Any

from fairlead.idtokens import keys
from fairlead.idtokens.document_cache import DocumentCache
from fairlead.idtokens.documents import Loaded, Source, Unavailable
from fairlead.idtokens.errors import FetchRefused, KeysUnavailable, RefusalCode, TokenRefused
from fairlead.idtokens.jwk import Key
from fairlead.idtokens.keys import KeySet


def parse(document: Any) -> KeySet:
    """A key set for the cache. Raises FetchRefused where the document is none."""
    try:
        return keys.parse(document)
    except keys.NotAKeySet as error:
        raise FetchRefused(f"The document {error}.") from None


def require_as_good(newer: KeySet, former: KeySet) -> None:
    """Raises FetchRefused for a set without any usable key after one that had some: an accident, as likely as not."""
    if former.keys and not newer.keys:
        raise FetchRefused("The key set holds no usable key any more.")


class CachedKeys:
    """The keys at one URL (`verify.Keys`). Cheap to make; all state is in the cache."""

    def __init__(self, cache: DocumentCache[KeySet], source: Source) -> None:
        self._cache = cache
        self._source = source

    def find(self, algorithm: str, kid: str | None) -> Key:
        """The key for this algorithm and kid. An unknown one may trigger one refresh per cooldown.

        Raises TokenRefused(unknown_key), or KeysUnavailable where no keys can be had, or where the kid is unknown and
        the issuer, asked whether it has a new key, did not answer.
        """
        loaded = self._loaded()
        try:
            return loaded.value.find(algorithm, kid)
        except TokenRefused as refusal:
            if refusal.code is not RefusalCode.UNKNOWN_KEY:
                raise
            newer = self._cache.newer(self._source, loaded)
            if newer is not None:
                return newer.value.find(algorithm, kid)
            if self._cache.failing(self._source):
                detail = "The token's key is unknown, and the issuer's key endpoint does not answer. Try again later."
                raise KeysUnavailable(detail) from None
            raise

    def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Key) -> Key | None:
        """The key that replaced `failed` under its kid, if there is one."""
        loaded = self._loaded()
        key = self._same(loaded.value, algorithm, kid)
        if key is failed:
            newer = self._cache.newer(self._source, loaded)
            key = None if newer is None else self._same(newer.value, algorithm, kid)
        return None if key is failed else key

    def describe(self) -> str:
        """Where the keys come from, for a Trace."""
        return self._source.url

    def version(self) -> float:
        """Changes whenever other keys are in force: part of the namespace of remembered verifications.

        Asks nobody, so that a token which the cheap checks refuse causes no fetch. Keys that are due for a refresh
        are asked for when the next token has to be verified.
        """
        loaded = self._cache.peek(self._source)
        return 0.0 if loaded is None else loaded.fetched_at

    @staticmethod
    def _same(keyset: KeySet, algorithm: str, kid: str | None) -> Key | None:
        try:
            return keyset.find(algorithm, kid)
        except TokenRefused:
            return None

    def _loaded(self) -> Loaded[KeySet]:
        try:
            return self._cache.get(self._source)
        except Unavailable as error:
            detail = f"The issuer's keys cannot be had: {error.to_others} Check their address, and whether it answers."
            raise KeysUnavailable(detail, retry_after=error.retry_after).because(error) from None
