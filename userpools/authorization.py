"""What a self-hosted pool trusts, and whether that can be meant. Pure: fetches nothing, stores nothing.

The threat: a key set that many customers' applications share (Google's, Firebase's) without issuer and audience lets
every one of those customers' users in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlsplit

from django.utils.translation import gettext

from fairlead.idtokens import shared_issuers
from fairlead.idtokens.errors import FetchRefused
from fairlead.idtokens.fetch import Fetcher
from fairlead.idtokens.signatures import SUPPORTED
from fairlead.placeholders import unexpanded
from userpools.errors import AuthorizationRefused
from userpools.models import UserPool

DEFAULT_ALGORITHMS = tuple(sorted(SUPPORTED))


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """The members of `authorization`, in their own terms. "" and () mean: not set."""

    jwks_uri: str = ""
    issuer: str = ""
    audiences: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    id_claim: str = "sub"

    @classmethod
    def of(cls, pool: UserPool) -> Self:
        return cls(
            jwks_uri=pool.jwks_uri,
            issuer=pool.issuer,
            audiences=tuple(pool.audiences),
            algorithms=tuple(pool.algorithms),
            id_claim=pool.id_claim,
        )

    def merged(self, given: Mapping[str, Any]) -> "Authorization":
        """With the members of a request body: those left out stay as they are, null goes back to the default."""
        changes: dict[str, Any] = {}
        for member, (field, default) in _MEMBERS.items():
            if member in given:
                changes[field] = default if given[member] is None else given[member]
        return replace(self, **changes)


_MEMBERS: Mapping[str, tuple[str, Any]] = {
    "jwksUri": ("jwks_uri", ""),
    "issuer": ("issuer", ""),
    "audience": ("audiences", ()),
    "algorithms": ("algorithms", DEFAULT_ALGORITHMS),
    "idClaim": ("id_claim", "sub"),
}


def check(wanted: Authorization, *, fetcher: Fetcher) -> None:
    """Raise AuthorizationRefused for what can be seen to be wrong without asking anybody."""
    for member, values in (
        ("jwksUri", (wanted.jwks_uri,)),
        ("issuer", (wanted.issuer,)),
        ("audience", wanted.audiences),
        ("idClaim", (wanted.id_claim,)),
    ):
        if any(unexpanded(value) for value in values):
            raise AuthorizationRefused(
                member, gettext("This looks like an unexpanded shell variable. Send its value instead.")
            )
    if not wanted.jwks_uri and not wanted.issuer:
        raise AuthorizationRefused(
            "jwksUri", gettext("Send jwksUri, or an https issuer with a discovery document, or both.")
        )
    if not wanted.jwks_uri:
        _check_url("issuer", wanted.issuer, fetcher, otherwise="Without jwksUri the keys are found through the issuer.")
    else:
        _check_url("jwksUri", wanted.jwks_uri, fetcher)
    refuse_shared(wanted, wanted.jwks_uri)


def refuse_shared(wanted: Authorization, jwks_uri: str) -> None:
    """Raise AuthorizationRefused where many customers' applications share the keys and the pool does not name its own.

    `jwks_uri` is where the keys really are, which discovery may have told.
    """
    shared = next((each for each in (jwks_uri, wanted.issuer) if shared_issuers.signs_for_many(each)), None)
    if shared is None or (wanted.issuer and wanted.audiences):
        return
    member, host = "audience" if wanted.issuer else "issuer", urlsplit(shared).hostname
    raise AuthorizationRefused(
        member,
        f"The keys at {host} sign tokens for the applications of many customers. Name both issuer and audience "
        "(your own client or project id), or the users of all of them are let in.",
    )


def warnings_of(pool: UserPool) -> list[dict[str, str]]:
    """What is open, or not working, as `{code, detail}`."""
    if pool.hosted:
        return []
    found = []
    if not pool.issuer:
        found.append(("no_issuer", "issuer is not set: a token of any issuer that signs with these keys is accepted."))
    if not pool.audiences:
        found.append(
            ("no_audience", "audience is not set: a token made for another application of this issuer is accepted.")
        )
    if pool.id_claim != "sub":
        found.append(
            ("id_claim_may_be_reassigned", "Only sub is promised never to be given to another person by the issuer.")
        )
    if pool.keys_unreachable:
        found.append(
            (
                "keys_unreachable",
                "The keys could not be fetched. Tokens are refused with 503 until they can; see /check.",
            )
        )
    return [{"code": code, "detail": detail} for code, detail in found]


def _check_url(member: str, url: str, fetcher: Fetcher, *, otherwise: str = "") -> None:
    try:
        fetcher.check_url(url)
    except FetchRefused as refusal:
        raise AuthorizationRefused(member, f"{otherwise} {refusal.to_others}".strip()) from None
