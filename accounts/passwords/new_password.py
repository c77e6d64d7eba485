"""Passwords: what a new one must be, changing it, the first one of an account that had none."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts import policy
from accounts.email import mailer
from accounts.errors import (
    FreshSignInRequired,
    InvalidCredentials,
    InvalidRequest,
    PasswordLoginDisabled,
    PasswordNotAvailable,
)
from accounts.models import MailedLink, Session, User
from accounts.passwords import hashing, proof
from accounts.sessions import lifecycle
from fairlead.audit.events import Event, record

MAX_LENGTH = 128
_VOID_WITH_THE_PASSWORD = (MailedLink.Purpose.RESET_PASSWORD, MailedLink.Purpose.CHANGE_EMAIL)


class MaximumLengthValidator:
    """One of Django's password validators: hashing text of any length is work that a stranger could order."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                gettext("This password is longer than {count} characters.").format(count=MAX_LENGTH),
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return gettext("Your password must contain at most {count} characters.").format(count=MAX_LENGTH)


def require_acceptable(password: str, *, user: User, field: str) -> None:
    """Raises InvalidRequest naming the field and everything that is wrong with the password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidRequest(errors={field: error.messages}) from None


def require_allowed() -> None:
    """Raises PasswordLoginDisabled."""
    if not policy.password_sign_in_allowed():
        raise PasswordLoginDisabled(settings=[policy.current().named("DISABLE_INTERNAL_AUTH")])


def change(user: User, *, session: Session, current: str, new: str, request: HttpRequest, field: str) -> None:
    """Replace the password; every other session ends. `field` names the new password in errors.

    Raises PasswordLoginDisabled, PasswordNotAvailable, RateLimited, InvalidCredentials, InvalidRequest.
    """
    require_allowed()
    if not user.has_usable_password():
        raise PasswordNotAvailable
    with hashing.place():
        if proof.demand(request, email=user.email, password=current).pk != user.pk:
            raise InvalidCredentials
        require_acceptable(new, user=user, field=field)
        _set(user, new, keep=session, event=Event.PASSWORD_CHANGED, request=request)


def set_first(user: User, *, session: Session, new: str, request: HttpRequest, field: str) -> None:
    """The first password of an account without one, within five minutes of a sign-in through a provider.

    Raises PasswordLoginDisabled, InvalidRequest, FreshSignInRequired.
    """
    require_allowed()
    if user.has_usable_password():
        raise InvalidRequest(gettext_noop("This account has a password. Change it instead."))
    if session.method != Session.Method.PROVIDER or not lifecycle.fresh(session, now=timezone.now()):
        raise FreshSignInRequired
    require_acceptable(new, user=user, field=field)
    _set(user, new, keep=session, event=Event.PASSWORD_SET, request=request)


def replace_by_reset(user: User, new: str, *, request: HttpRequest) -> None:
    """Set the password of somebody who followed the mailed link. Every session ends."""
    _set(user, new, keep=None, event=Event.PASSWORD_CHANGED, request=request)


def _set(user: User, new: str, *, keep: Session | None, event: Event, request: HttpRequest) -> None:
    # Hashed before the transaction: nobody waits for a place with locks in their hands.
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password", "updated_at"])
        if keep is None:
            lifecycle.end_all(user, actor=user, request=request)
        else:
            lifecycle.end_others(user, keep=keep, actor=user, request=request)
        # Also a pending change of address: whoever knew the old password may have asked for it.
        MailedLink.objects.filter(user=user, purpose__in=_VOID_WITH_THE_PASSWORD, used_at=None).delete()
        record(event, actor=user, subject=user, request=request)
        mailer.send("password_changed", to=user.email, language=user.language)
