"""The seam to a host's users: what sign-in through providers needs of them, and in which words.

`FAIRLEAD["PEOPLE"]` names a class with this protocol. `oidc_login.people.People` speaks only `get_user_model()` and
`django.contrib.auth`; `accounts.people.People` knows passwords, pictures, sessions and tokens of its own. A host
subclasses one of them. Nothing here decides: the rules are in `oidc_login.flow.linking`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from django.core.signals import setting_changed
from django.http import HttpRequest
from django.utils.module_loading import import_string

from fairlead.conf import conf
from fairlead.verified_by import VerifiedBy

# How long somebody who proved who they are counts as fresh.
FRESH = timedelta(minutes=5)


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
    settings: Callable[[], Mapping[str, str]] = dict
    """What the settings that decide are set to and where, by their keys: for the operator, where they refuse."""


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


@cache
def people() -> People:
    """The class of FAIRLEAD["PEOPLE"], one instance per process and setting."""
    made: People = import_string(conf().people)()
    return made


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "FAIRLEAD":
        people.cache_clear()


setting_changed.connect(_forget, dispatch_uid="fairlead.people")


def id_of(user: Any) -> str:
    """A user's primary key as text: UUID, integer, whatever the host has."""
    return str(user.pk)
