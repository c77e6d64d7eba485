"""How an address was verified, which decides what it is good for: docs/http-api.md, "How an address was verified"."""

from enum import StrEnum


class VerifiedBy(StrEnum):
    """Stored as it stands; empty where nobody verified the address."""

    OPERATOR = "operator"
    LINK = "link"
    PROVIDER = "provider"
    ORGANIZATION = "organization"
    TYPED = "typed"
    NOTHING = ""

    @property
    def proven(self) -> bool:
        """Somebody was seen to have the mailbox, or an operator vouched. A typed address is trusted, not proven."""
        return self not in {VerifiedBy.TYPED, VerifiedBy.NOTHING}

    @property
    def makes_administrator(self) -> bool:
        """Whether the owner of ADMIN_EMAIL is promoted by it."""
        return self in {VerifiedBy.PROVIDER, VerifiedBy.LINK}

    @property
    def replaces(self) -> "tuple[VerifiedBy, ...]":
        """The ways that give way where an address is verified again, in this way.

        `typed` never does: its password may be somebody else's, and would be trusted with what the owner proves. It
        goes with the password, when the account is wiped.
        """
        return _FROM_WORST[: _FROM_WORST.index(self)] if self in _FROM_WORST else ()


_FROM_WORST = (
    VerifiedBy.NOTHING,
    VerifiedBy.ORGANIZATION,
    VerifiedBy.OPERATOR,
    VerifiedBy.LINK,
    VerifiedBy.PROVIDER,
)
