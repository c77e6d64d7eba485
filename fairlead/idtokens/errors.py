"""What the ground floor says when it says no. One tree, drawn here:

    TokenRefused          the token is at fault: 401, with a stable code
    KeysUnavailable       the issuer is at fault: its keys cannot be had now: 503, never 401
    MetadataUnavailable   the provider's discovery document cannot be had now: 503
    MetadataRefused       it can be had and cannot be used: 502
    FetchRefused          an outbound call that can never work as it is configured
    FetchFailed           an outbound call that failed and may work later

None derives from OSError: urllib3 turns OSErrors that pass through it into its own, and the cause would be lost.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from fairlead.refusal import Refused


class RefusalCode(StrEnum):
    """Why a token was refused. Values are part of the HTTP contract."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    ALGORITHM_NOT_ALLOWED = "algorithm_not_allowed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_TYPE = "wrong_type"
    MISSING_CLAIM = "missing_claim"
    EMAIL_UNVERIFIED = "email_unverified"
    REVOKED = "revoked"
    BLOCKED = "blocked"
    # Only a login can end in these two; its callback shows them as `provider_error`.
    WRONG_NONCE = "wrong_nonce"
    WRONG_ACCESS_TOKEN_HASH = "wrong_access_token_hash"


class NetworkFault(StrEnum):
    """What stands between us and the other side, each mended in another way. Part of no contract; causes are named
    after them (`network.<fault>`)."""

    NAME_UNKNOWN = "name_unknown"
    CONNECTION_REFUSED = "connection_refused"
    NO_ROUTE = "no_route"
    TIMED_OUT = "timed_out"
    CLOSED = "closed"
    TLS_SELF_SIGNED = "tls_self_signed"
    TLS_UNKNOWN_AUTHORITY = "tls_unknown_authority"
    TLS_EXPIRED = "tls_expired"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_OTHER = "tls_other"
    NOT_TLS = "not_tls"
    PROXY = "proxy"
    PRIVATE_ADDRESS = "private_address"
    NOT_HTTPS = "not_https"
    REDIRECT = "redirect"
    SERVER_ERROR = "server_error"
    CA_BUNDLE = "ca_bundle"


class Explained(Exception):
    """An exception that may know the network's fault behind it, and its facts: `host`, `status`, `setting`."""

    fault: NetworkFault | None = None
    fault_facts: Mapping[str, str | int] = MappingProxyType({})

    detail: str

    @property
    def to_others(self) -> str:
        """`detail` for whoever does not run the service, and could not change the setting that it names."""
        only_here = "Only whoever runs this service can allow it."
        match self.fault:
            case NetworkFault.NOT_HTTPS:
                return f"The URL must begin with https://. {only_here}"
            case NetworkFault.PRIVATE_ADDRESS:
                return f"{self.fault_facts['host']} is not a public address. {only_here}"
            case NetworkFault.CA_BUNDLE:
                return "This service cannot read its own certificates. Tell whoever runs it."
        return self.detail

    def because(self, of: BaseException | NetworkFault, **facts: str | int) -> Self:
        """Itself, for the fault, or for that of the exception behind it."""
        if isinstance(of, NetworkFault):
            self.fault, self.fault_facts = of, MappingProxyType(facts)
        elif isinstance(of, Explained):
            self.fault, self.fault_facts = of.fault, of.fault_facts
        return self


class TokenRefused(Refused):
    """The token is bad. `detail` says what to do next; it never holds a part of the token but names and times.

    `facts` say the same to programs: `missing`, names of claims separated by commas.
    """

    challenge = 'Bearer error="invalid_token"'

    def __init__(self, code: RefusalCode, detail: str, *, facts: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.facts = MappingProxyType(dict(facts or {}))

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class _Unavailable(Refused, Explained):
    retry_after: int

    def __init__(self, detail: str, *, retry_after: int = 10) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.facts = MappingProxyType({"detail": detail, "wait": retry_after})


class KeysUnavailable(_Unavailable):
    """The keys that would check the token cannot be had now. `retry_after` is in seconds."""

    code = "keys_unavailable"


class MetadataUnavailable(_Unavailable):
    """The provider's discovery document cannot be had now. `retry_after` is in seconds."""

    code = "provider_unreachable"
    cause_id = "discovery.unreachable"


class MetadataCrowded(MetadataUnavailable):
    """As many wait for the provider's discovery document as may."""


class FetchesUsedUp(MetadataUnavailable):
    """The organization has had as many documents fetched as it may in a minute."""

    code = "throttled"
    cause_id = "pool.fetches"


class MetadataRefused(Refused, Explained):
    """The provider's discovery document can be had and cannot be used."""

    code = "provider_error"
    cause_id = "discovery.unusable"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.facts = MappingProxyType({"detail": detail})


class FetchRefused(Explained):
    """The call can never work as things are configured: not https, a private address, wrong content.

    `status` is the answer's HTTP status where there was an answer.
    """

    outcome = "unusable"

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class FetchFailed(Explained):
    """The call failed and may work later: no connection, out of time, 5xx. `status` as for FetchRefused."""

    outcome = "unreachable"

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
