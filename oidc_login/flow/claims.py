"""What a provider said about a person, brought into one shape. Decides nothing.

Two documents speak: the ID token and userinfo. The pair (e-mail, email_verified) comes from one of them: a flag of
one never vouches for the address of the other, or somebody could show a proven address here and another one there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from fairlead import email_address
from fairlead.email_address import InvalidAddress
from oidc_login.errors import LoginRefused

_NAME_LENGTH = 150
_URL_LENGTH = 2048
_SID_LENGTH = 255
Document = Mapping[str, Any]


class EmailVerified(Enum):
    """What the provider says of the address. Only the boolean true is TRUE: not "true", not 1 (nOAuth)."""

    TRUE = "true"
    ABSENT = "absent"
    FALSE = "false"


@dataclass(frozen=True, kw_only=True)
class ExternalIdentity:
    """A person at a provider. `email` is as sent, `email_canonical` what accounts are compared by."""

    issuer: str
    subject: str
    email: str
    email_canonical: str
    email_verified: EmailVerified
    name: str
    picture: str
    sid: str = ""
    """The provider's id of its own session, for back-channel logout."""

    @property
    def kept(self) -> dict[str, Any]:
        """The subset that the identity's row shows to administrators."""
        return {"email": self.email, "emailVerified": self.email_verified.value, "name": self.name}


def read(id_token: Document, userinfo: Document, *, trust_email: str) -> ExternalIdentity:
    """Raises LoginRefused(missing_claims) naming what is missing: `sub` or a usable `email`.

    `id_token` are verified claims; `userinfo` has been checked to speak of the same subject, or is empty.
    """
    subject = _text(id_token, "sub")
    email, email_verified = _email(id_token, userinfo)
    canonical = ""
    if email:
        try:
            canonical = email_address.canonical(email)
        except InvalidAddress:
            email = ""
    missing = tuple(name for name, value in (("sub", subject), ("email", email)) if not value)
    if missing:
        raise LoginRefused("claims.missing", missing=",".join(missing))
    return ExternalIdentity(
        issuer=_text(id_token, "iss"),
        subject=subject,
        email=email,
        email_canonical=canonical,
        email_verified=trusted(email_verified, trust_email=trust_email),
        name=_name(id_token, userinfo) or email.rpartition("@")[0][:_NAME_LENGTH],
        picture=_picture(id_token, userinfo),
        sid=_sid(id_token),
    )


def trusted(email_verified: EmailVerified, *, trust_email: str) -> EmailVerified:
    """`never` leaves the flag as it is; `absent` takes silence for true; `always` takes everything for true."""
    if trust_email == "always" or (trust_email == "absent" and email_verified is EmailVerified.ABSENT):
        return EmailVerified.TRUE
    return email_verified


def _email(id_token: Document, userinfo: Document) -> tuple[str, EmailVerified]:
    email = _text(id_token, "email")
    if not email:
        return _text(userinfo, "email"), _flag(userinfo)
    if "email_verified" not in id_token and _same(email, _text(userinfo, "email")):
        return email, _flag(userinfo)
    return email, _flag(id_token)


def _flag(document: Document) -> EmailVerified:
    if "email_verified" not in document:
        return EmailVerified.ABSENT
    return EmailVerified.TRUE if document["email_verified"] is True else EmailVerified.FALSE


def _same(one: str, other: str) -> bool:
    try:
        return bool(other) and email_address.canonical(one) == email_address.canonical(other)
    except InvalidAddress:
        return False


def _text(document: Document, name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _name(*documents: Document) -> str:
    for claim in ("name", "preferred_username"):
        for document in documents:
            if name := clean_name(_text(document, claim)):
                return name
    return ""


def clean_name(text: str) -> str:
    """Trimmed, on one line, without control characters or lone surrogates, 150 characters at most."""
    encodable = text.encode("utf-8", "ignore").decode("utf-8")
    printable = "".join(character if character.isprintable() else " " for character in encodable)
    return " ".join(printable.split())[:_NAME_LENGTH].rstrip()


def _picture(*documents: Document) -> str:
    for document in documents:
        picture = _text(document, "picture")
        if picture and len(picture) <= _URL_LENGTH and picture.isascii() and picture.isprintable():
            return picture
    return ""


def _sid(id_token: Document) -> str:
    """An identifier is compared, never shortened or cleaned: one that cannot be kept counts as absent."""
    sid = _text(id_token, "sid")
    return sid if len(sid) <= _SID_LENGTH and sid.isprintable() else ""
