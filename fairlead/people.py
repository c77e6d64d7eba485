"""The seam to a host's users: what sign-in through providers needs of them, and in which words.

`FAIRLEAD["PEOPLE"]` names a class with this protocol. `oidc_login.people.People` speaks only `get_user_model()` and
`django.contrib.auth`; `accounts.people.People` knows passwords, pictures, sessions and tokens of its own. A host
subclasses one of them. Nothing here decides: the rules are in `oidc_login.flow.linking`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.module_loading import import_string

from fairlead.conf import conf
from fairlead.refusal import Refused


class VerifiedBy(StrEnum):
    """How an address was verified. What each way is good for: docs/http-api.md, "How an address was verified"."""

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


@dataclass(frozen=True, kw_only=True)
class AccountState:
    """What the linking rules may know of an account."""

    status: str
    """active, pending or suspended."""
    email: str
    email_canonical: str
    verified_by: VerifiedBy = VerifiedBy.NOTHING
    has_password: bool = False
    is_staff: bool = False
    is_superuser: bool = False
    name_is_own: bool = False
    """The person chose the name here: a provider's does not replace it."""
    picture_is_own: bool = False
    has_picture: bool = False

    @property
    def email_verified(self) -> bool:
        return self.verified_by is not VerifiedBy.NOTHING


@dataclass(frozen=True, kw_only=True)
class SignupRules:
    """What awaits somebody new: `open` at all, `review` by staff first, and whether this address's domain may."""

    open: bool
    review: bool = False
    domain_allowed: bool = True


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is signed in, and how: in this browser, or with this access token."""

    user: Any
    session_id: str
    authenticated_at: datetime
    """When the person last proved who they are."""
    provider: str = ""
    """The provider's id or `default`; empty for a password or a link."""


class Tokens(Protocol):
    """Our own access and refresh tokens. Only `accounts` has them; without them exchange and mobile are 404."""

    authentication_classes: tuple[type[Any], ...]
    user_serializer: type[Any]
    """DRF serializer of `user`, for the API document."""

    def issue(
        self, request: HttpRequest, user: Any, *, provider: str, sid: str = "", expires_at: datetime | None = None
    ) -> Mapping[str, Any]:
        """`{access_token, refresh_token, user}` as they are sent. Raises what `sign_in` raises."""

    def signed_in(self, request: Any) -> SignedIn:
        """Whose access token this DRF request carries, as the database has it now. Raises where it has ended."""


class People(Protocol):
    """A host's users. Users are whatever `get_user_model()` makes; ids go through addresses as text."""

    tokens: Tokens | None

    def canonical(self, email: str) -> str:
        """The form in which two spellings of one address are equal. Raises email_address.InvalidAddress."""

    def by_id(self, pk: Any, *, lock: bool = False) -> Any | None: ...

    def by_email(self, canonical: str, *, lock: bool = False) -> Any | None:
        """The one account with this canonical address. Raises SeveralAccounts: then nobody is signed in by it."""

    def state(self, user: Any) -> AccountState: ...

    def signup(self, canonical: str) -> SignupRules:
        """What awaits somebody new with this address who comes through a provider."""

    def create(self, *, email: str, name: str, verified_by: VerifiedBy, pending: bool, request: HttpRequest) -> Any:
        """A new account without a password. Raises IntegrityError where the address was taken meanwhile."""

    def update(
        self,
        user: Any,
        *,
        name: str | None = None,
        email: str | None = None,
        verified_by: VerifiedBy | None = None,
        picture: bytes | None = None,
        request: HttpRequest | None = None,
    ) -> None:
        """Take over what a provider says; None leaves as it is. Raises NotAPicture."""

    def promote(self, user: Any, *, request: HttpRequest) -> None:
        """Make the owner of ADMIN_EMAIL an administrator: a provider of the instance has just proven the address."""

    def wipe_unverified(self, user: Any, *, request: HttpRequest) -> bool:
        """Take away what whoever registered this address without proving it may hold. Whether there was a password."""

    def prove_password(self, request: HttpRequest, user: Any, password: str) -> None:
        """Raises PersonRefused: invalid_credentials, throttled, account_pending, account_suspended."""

    def password_sign_in_allowed(self) -> bool: ...

    def sign_in(
        self, request: HttpRequest, user: Any, *, provider: str, sid: str = "", expires_at: datetime | None = None
    ) -> None:
        """Open the browser's session; somebody else's in this browser is flushed. `provider` empty: by a link.

        Raises PersonRefused (account_pending, account_suspended).
        """

    def sign_out(self, request: HttpRequest) -> None: ...

    def end_sessions(
        self,
        user: Any,
        *,
        provider: str | None = None,
        not_provider: str | None = None,
        sid: str | None = None,
        before: datetime | None = None,
    ) -> int:
        """End the sessions that match all that is given. Returns how many."""

    def signed_in(self, request: HttpRequest) -> SignedIn | None:
        """The active person of this browser."""

    def session_is_open(self, session_id: str, *, user: Any) -> bool: ...

    def may_administer(self, user: Any, permission: str) -> bool: ...


class PersonRefused(Refused):
    """A refusal of the people's side."""

    code = "forbidden"
    detail = "This account does not allow that."


class SeveralAccounts(PersonRefused):
    """Two accounts have one address, in whatever spelling: nobody can tell which of them is meant."""

    code = "link_requires_sign_in"
    detail = "Several accounts have this address. Sign in the way you already do, then link the provider there."


class NotAPicture(PersonRefused):
    """What was sent as a picture is none that we decode."""

    code = "invalid_request"
    detail = "Send a JPEG, PNG, WebP or GIF picture of at most 5 MiB."


def people() -> People:
    """The class of FAIRLEAD["PEOPLE"], one instance per process and setting."""
    return _made(conf().people)


@cache
def _made(path: str) -> People:
    made: People = import_string(path)()
    return made


def id_of(user: Any) -> str:
    """A user's primary key as text: UUID, integer, whatever the host has."""
    return str(user.pk)
