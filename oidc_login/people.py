"""The one door from the login trip to people: find, create, sync, sign in.

Everything this package needs to know of users goes through here. A host project with users of its own replaces this
module and keeps the rest. It decides nothing: the rules are in `linking`.
"""

from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from accounts import avatars, policy, registration, unverified
from accounts.authentication import AccessTokenAuthentication, reread
from accounts.errors import AccountsError, FreshSignInRequired, NotAPicture
from accounts.models import Session, User
from accounts.passwords import sign_in
from accounts.serializers import UserSerializer
from accounts.sessions import lifecycle, tokens
from accounts.sessions.tokens import TokenPair
from fairlead.audit.events import Event, record
from fairlead.email_address import InvalidAddress, canonical
from fairlead.people import VerifiedBy, people
from fairlead.web.rate_limits import RateLimited
from oidc_login.flow.facts import Account, Signup

__all__ = [
    "AccessTokenAuthentication",
    "NotAPicture",
    "TokenPair",
    "UserSerializer",
    "reread",
]
# The project's people, to everybody else in this package.
Person = User
# A sign-in waits for this: larger pictures take longer than a second to decode.
_PICTURE_PIXELS = 12_000_000
# What proving a password may raise: each has a `code` and a `detail`.
REFUSALS = (AccountsError, RateLimited)


def locked(user: Person) -> User | None:
    return locked_by_id(user.pk)


def locked_by_id(user_id: UUID) -> User | None:
    """The user, with the row locked until the transaction ends."""
    return User.objects.select_for_update().filter(pk=user_id).first()


def locked_by_email(email_canonical: str) -> User | None:
    """The one user whose canonical address this is."""
    return User.objects.select_for_update().filter(email_canonical=email_canonical).first()


def account(user: Person, *, linked_at_issuer: bool) -> Account:
    return Account(
        status=user.status,
        email_verified=people().state(user).email_verified,
        has_password=user.has_usable_password(),
        linked_at_issuer=linked_at_issuer,
    )


def canonical_of(user: Person) -> str:
    return user.email_canonical


def status_of(user: Person) -> str:
    return user.status


def signup(email_canonical: str) -> Signup:
    """What awaits somebody new with this address who comes through a provider."""
    current = policy.current()
    always = current.oidc_signup == "always"
    return Signup(
        open=always or current.mode != "disabled",
        review=not always and current.mode == "review",
        domain_allowed=registration.domain_allowed(email_canonical),
    )


def create(*, email: str, name: str, email_verified: bool, pending: bool, request: HttpRequest) -> User:
    """A new user without a password. Raises IntegrityError where the address was taken meanwhile."""
    user = User.objects.create_user(
        email,
        None,
        name=name,
        verified_by=VerifiedBy.PROVIDER if email_verified else VerifiedBy.NOTHING,
        status=User.Status.PENDING if pending else User.Status.ACTIVE,
    )
    record(Event.REGISTERED, actor=user, subject=user, request=request, by="provider", pending=pending)
    return user


def sync_name(user: Person, *, name: str) -> None:
    """Take over the provider's name, until the person edits it here."""
    if user.name_source == User.NameSource.CLAIMS and name and user.name != name:
        user.name = name
        user.save(update_fields=["name", "updated_at"])


def prove_email(user: Person, *, request: HttpRequest) -> None:
    """The provider vouched for the address."""
    registration.mark_verified(user, by=VerifiedBy.PROVIDER, request=request)


def promote(user: Person, *, request: HttpRequest) -> None:
    """Make the owner of FAIRLEAD_ADMIN_EMAIL an administrator, once the address is proven."""
    people().promote(user, request=request)


def drop_holdings(user: Person, *, request: HttpRequest) -> bool:
    """Take away all that whoever registered this address without proving it may hold. Whether there was a password."""
    return unverified.drop_strangers_holdings(user, request=request).password


def prove_password(request: HttpRequest, user: Person, password: str) -> None:
    """Demand the account's password, also where sign-in by password is off.

    Failures count against account and address, and lock the pair. Raises the errors of `accounts`: invalid_credentials,
    throttled, and after a right password account_pending or account_suspended.
    """
    email = user.email
    sign_in.prove(request, email=email, password=password, even_where_disabled=True)


def has_own_picture(user: Person) -> bool:
    return user.avatar_source == User.AvatarSource.UPLOAD


def has_picture(user: Person) -> bool:
    return user.avatar_source != User.AvatarSource.NONE


def take_picture(user: Person, picture: bytes) -> None:
    """Decode, bound and re-encode the picture and make it the avatar. Raises NotAPicture."""
    webp = avatars.reencode(picture, max_pixels=_PICTURE_PIXELS)
    avatars.replace(user, webp, source=User.AvatarSource.OIDC)


def issue_tokens(user: Person, *, request: HttpRequest, provider: str) -> TokenPair:
    return tokens.issue(user, request=request, method=Session.Method.PROVIDER, provider=provider)


def sign_in_web(request: HttpRequest, user: Person, *, provider: str) -> None:
    """Open the Django session; one of somebody else in this browser is flushed."""
    lifecycle.sign_in_web(request, user, method=Session.Method.PROVIDER, provider=provider)


def by_email(email: str) -> User | None:
    try:
        return User.objects.filter(email_canonical=canonical(email)).first()
    except InvalidAddress:
        return None


def sign_in_by_link(request: HttpRequest, user: Person) -> None:
    """Open the Django session for whoever holds a one-time sign-in link. Raises the errors of `accounts`."""
    lifecycle.sign_in_web(request, user, method=Session.Method.LINK)


def web_session(request: HttpRequest) -> Session | None:
    """The open session of this browser, of an active person."""
    session = lifecycle.of(request)
    return session if session and session.user.is_active else None


def signed_in_here(request: HttpRequest) -> UUID | None:
    """The id of whoever is signed in in this browser."""
    session = web_session(request)
    return session.user_id if session else None


def administrator_here(request: HttpRequest, *, permission: str) -> User | None:
    """Whoever is signed in in this browser, if they may use the administration and this part of it."""
    session = web_session(request)
    user = session.user if session else None
    return user if user is not None and user.is_staff and user.has_perm(permission) else None


def session_is_open(session_id: UUID, *, user: Person) -> bool:
    session = Session.objects.select_related("user").filter(pk=session_id, user=user).first()
    return session is not None and session.is_open(timezone.now()) and session.user.is_active


def require_fresh(session: Session) -> None:
    """The person signed in within the last five minutes, in this session. Raises FreshSignInRequired."""
    if not lifecycle.fresh(session, now=timezone.now()):
        raise FreshSignInRequired


def sign_out_web(request: HttpRequest) -> None:
    lifecycle.sign_out_web(request)


def forget_somebody_else(request: HttpRequest, user: Person) -> None:
    """End the session of another person in this browser."""
    if request.session.get(SESSION_KEY) not in {None, str(user.pk)}:
        lifecycle.sign_out_web(request)


def password_sign_in_allowed() -> bool:
    return policy.password_sign_in_allowed()
