"""A key set, parsed once into keys that are ready to use. Owns which keys are acceptable; fetches and keeps nothing.

Unknown and broken entries beside a good one are ignored, each with its reason, so that an issuer may add new kinds of
keys without breaking anybody. Symmetric keys are refused: a published secret is no secret, and a public key that is
used as one is the classic way to forge a token.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairlead.idtokens import jwk
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.jwk import Key, NotUsable

MAX_KEYS = 100


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """An entry of the key set that is not used, and why."""

    position: int
    kid: str | None
    reason: str


class NotAKeySet(ValueError):
    """The document is no JSON Web Key Set at all. The text says why and may be shown."""


@dataclass(frozen=True, kw_only=True)
class KeySet:
    """Usable keys (maybe none) and the reasons for the others. Immutable."""

    keys: tuple[Key, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    _by_kid: Mapping[tuple[str, str | None], tuple[Key, ...]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, algorithm: str, kid: str | None) -> Key:
        """The one key for this algorithm and kid. Raises TokenRefused(unknown_key).

        Without a kid, exactly one key of the whole set must fit the algorithm; never a guess among several.
        """
        fitting = self._by_kid.get((algorithm, kid), ())
        if len(fitting) == 1:
            return fitting[0]
        raise TokenRefused(RefusalCode.UNKNOWN_KEY, self._why_none(algorithm, kid, len(fitting)))

    def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Key) -> Key | None:
        """A fixed set cannot know better. (The cached sets of `key_cache` can.)"""
        return None

    def describe(self) -> str:
        """Where the keys come from, for a Trace."""
        return f"a fixed set of {len(self.keys)}"

    def _why_none(self, algorithm: str, kid: str | None, fitting: int) -> str:
        if kid is None:
            return (
                f"The token names no key (kid), and {fitting} keys of the set fit {algorithm}; exactly one must. "
                "Have the issuer write kid into the token's header."
            )
        if fitting:
            return (
                f"The key set holds {fitting} keys for {algorithm} under the token's kid; none is chosen by "
                "guessing. Have the issuer give each key a kid of its own."
            )
        if reasons := [entry.reason for entry in self.ignored if entry.kid == kid]:
            return (
                f"The key set holds the token's kid, but that entry {reasons[0]}. The issuer has to publish it "
                "as a key that signs."
            )
        if any(key.kid == kid for key in self.keys):
            return (
                f"The key under the token's kid is not made for {algorithm}. Have the issuer publish the key "
                "that signs."
            )
        return "The key set does not hold the token's kid. Compare the configured key set with the token's issuer."


def parse(document: Any) -> KeySet:
    """Read a JWKS document (RFC 7517 5). Raises NotAKeySet when it is none; a set without usable keys is returned."""
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise NotAKeySet("is no key set: a JSON object with a list named keys is expected")
    if len(entries) > MAX_KEYS:
        raise NotAKeySet(f"holds more than {MAX_KEYS} keys")
    keys: list[Key] = []
    ignored: list[Ignored] = []
    for position, entry in enumerate(entries):
        try:
            keys.append(jwk.parse(entry))
        except NotUsable as error:
            kid = entry.get("kid") if isinstance(entry, dict) else None
            ignored.append(Ignored(position=position, kid=kid if isinstance(kid, str) else None, reason=str(error)))
    by_kid: defaultdict[tuple[str, str | None], list[Key]] = defaultdict(list)
    for key in keys:
        for algorithm in key.algorithms:
            by_kid[algorithm, None].append(key)
            if key.kid is not None:
                by_kid[algorithm, key.kid].append(key)
    frozen = {at: tuple(found) for at, found in by_kid.items()}
    return KeySet(keys=tuple(keys), ignored=tuple(ignored), _by_kid=frozen)
