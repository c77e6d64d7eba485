"""What the linking rules need to know of an account and of the registration policy. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Account:
    """What matters of a user."""

    status: str
    email_verified: bool
    has_password: bool
    linked_at_issuer: bool = False


@dataclass(frozen=True, kw_only=True)
class Signup:
    """What awaits somebody new: `open` at all, `review` by staff first, and whether this address's domain may."""

    open: bool
    review: bool
    domain_allowed: bool = True
