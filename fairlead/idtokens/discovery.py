"""What a provider says about itself (OpenID Connect Discovery 1.0), checked before it is used.

Every URL in it is as untrusted as one that a stranger typed. What it offers is narrowed to what we accept: a provider
cannot talk us into a symmetric algorithm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fairlead.idtokens.errors import FetchRefused, MetadataRefused
from fairlead.idtokens.signatures import SUPPORTED


@dataclass(frozen=True, kw_only=True)
class ProviderMetadata:
    """The parts of a discovery document that are used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    introspection_endpoint: str | None
    end_session_endpoint: str | None
    id_token_algorithms: frozenset[str]
    token_endpoint_auth_methods: frozenset[str]
    code_challenge_methods: frozenset[str]
    authorization_response_iss_parameter_supported: bool


WELL_KNOWN = "/.well-known/openid-configuration"


def discovery_url(issuer: str) -> str:
    """Where an issuer's discovery document is (Discovery 4: a trailing slash is removed first)."""
    return issuer.removesuffix("/") + WELL_KNOWN


def parse(document: Any) -> dict[str, Any]:
    """A discovery document for the cache. Raises FetchRefused where it is none."""
    if not isinstance(document, dict) or not isinstance(document.get("issuer"), str):
        raise FetchRefused("The document is no discovery document: it names no issuer.")
    return document


def read(document: dict[str, Any], *, issuer: str, check_url: Callable[[str], None]) -> ProviderMetadata:
    """The metadata of exactly this issuer. Raises MetadataRefused. `check_url` raises FetchRefused for a bad URL."""
    _require_issuer(document, issuer)

    def url(name: str) -> str | None:
        value = document.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise MetadataRefused(f"The provider's {name} is not text.")
        try:
            check_url(value)
        except FetchRefused as error:
            refused = MetadataRefused(f"The provider's {name} cannot be used. {error.detail}")
            raise refused.because(error) from None
        return value

    def required(name: str) -> str:
        value = url(name)
        if value is None:
            raise MetadataRefused(f"The provider's discovery document has no {name}.")
        return value

    offered = _texts(document, "id_token_signing_alg_values_supported", default=["RS256"])
    algorithms = offered & SUPPORTED
    if not algorithms:
        raise MetadataRefused("The provider offers no algorithm for ID tokens that is accepted here, such as RS256.")
    return ProviderMetadata(
        issuer=issuer,
        authorization_endpoint=required("authorization_endpoint"),
        token_endpoint=required("token_endpoint"),
        jwks_uri=required("jwks_uri"),
        userinfo_endpoint=url("userinfo_endpoint"),
        introspection_endpoint=url("introspection_endpoint"),
        end_session_endpoint=url("end_session_endpoint"),
        id_token_algorithms=algorithms,
        token_endpoint_auth_methods=_texts(
            document, "token_endpoint_auth_methods_supported", default=["client_secret_basic"]
        ),
        code_challenge_methods=_texts(document, "code_challenge_methods_supported", default=[]),
        authorization_response_iss_parameter_supported=(
            document.get("authorization_response_iss_parameter_supported") is True
        ),
    )


def read_jwks_uri(document: dict[str, Any], *, issuer: str, check_url: Callable[[str], None]) -> str:
    """Where exactly this issuer's keys are. For an issuer whose tokens are verified but where nobody signs in: such a
    one (Firebase, a hosted pool) need not have the endpoints of a login. Raises MetadataRefused as `read` does."""
    _require_issuer(document, issuer)
    value = document.get("jwks_uri")
    if not isinstance(value, str):
        raise MetadataRefused("The issuer's discovery document has no jwks_uri.")
    try:
        check_url(value)
    except FetchRefused as error:
        refused = MetadataRefused(f"The issuer's jwks_uri cannot be used. {error.detail}")
        raise refused.because(error) from None
    return value


def require_as_good(
    newer: dict[str, Any], former: dict[str, Any], *, issuer: str, check_url: Callable[[str], None]
) -> None:
    """Raises FetchRefused where the newer document cannot be used for what the former could: its issuer's login, or its
    keys. `issuer` is whom the caller expects: who was configured anew gets the document that fits."""
    for reader in (read, read_jwks_uri):
        try:
            reader(former, issuer=former["issuer"], check_url=check_url)
        except MetadataRefused:
            continue
        try:
            reader(newer, issuer=issuer, check_url=check_url)
        except MetadataRefused as error:
            raise FetchRefused(error.detail).because(error) from None


def _require_issuer(document: dict[str, Any], issuer: str) -> None:
    if document["issuer"] != issuer:
        named = document["issuer"][:200]
        raise MetadataRefused(f"The provider calls itself {named!r}, not {issuer!r}. Configure exactly what it says.")


def _texts(document: dict[str, Any], name: str, *, default: list[str]) -> frozenset[str]:
    value = document.get(name, default)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MetadataRefused(f"The provider's {name} is not a list of texts.")
    return frozenset(value)
