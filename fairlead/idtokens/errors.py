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


class _Unavailable(Refused):
    retry_after: int

    def __init__(self, detail: str, *, retry_after: int = 10) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class KeysUnavailable(_Unavailable):
    """The keys that would check the token cannot be had now. `retry_after` is in seconds."""

    code = "keys_unavailable"


class MetadataUnavailable(_Unavailable):
    """The provider's discovery document cannot be had now. `retry_after` is in seconds."""

    code = "provider_unreachable"


class MetadataRefused(Refused):
    """The provider's discovery document can be had and cannot be used."""

    code = "provider_error"


class FetchRefused(Exception):
    """The call can never work as things are configured: not https, a private address, wrong content.

    `status` is the answer's HTTP status where there was an answer.
    """

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class FetchFailed(Exception):
    """The call failed and may work later: no connection, out of time, 5xx. `status` as for FetchRefused."""

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
