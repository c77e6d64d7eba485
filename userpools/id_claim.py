"""Reading the customer's id of a user out of a verified token.

An id that could be read in two ways, or that somebody may choose without proving it (an unverified e-mail), would make
one person another.
"""

import unicodedata

from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.verified import VerifiedToken

MAX_LENGTH = 255
_NO_TEXT = frozenset({"Cc", "Cs"})


def read(token: VerifiedToken, *, id_claim: str) -> str:
    """The id as text. Raises TokenRefused: missing_claim, malformed or email_unverified."""
    value = token.claims.get(id_claim)
    if value is None:
        raise TokenRefused(
            RefusalCode.MISSING_CLAIM,
            f"The token has no {id_claim}, which this pool identifies its users by. Have the issuer add it, or "
            "name another claim in idClaim of the user pool.",
        )
    if id_claim == "email" and token.claims.get("email_verified") is not True:
        raise TokenRefused(
            RefusalCode.EMAIL_UNVERIFIED,
            "This pool identifies its users by e-mail, and the token does not say email_verified: true. "
            "Have the issuer say so, or set idClaim of the user pool to sub.",
        )
    text = as_external_id(value)
    # What was cleaned could be another user's id by now.
    if text is None or id_claim in token.altered:
        raise TokenRefused(
            RefusalCode.MALFORMED,
            f"The token's {id_claim} is neither an integer nor text of 1 to {MAX_LENGTH} characters, none of them a "
            "control character. Name another claim in idClaim of the user pool.",
        )
    return text


def as_external_id(value: object) -> str | None:
    """The value as an id of ours is kept, or None for what is none. true is not an integer, and 1.0 is not 1."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if isinstance(value, int) and value.bit_length() > 800:
        return None
    text = str(value)
    if not 1 <= len(text) <= MAX_LENGTH:
        return None
    if not text.isprintable() and any(unicodedata.category(character) in _NO_TEXT for character in text):
        return None
    return text
