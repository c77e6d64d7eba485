"""Django's door for passwords.

Unknown e-mail, account without a password and wrong password cost the same one hash and are refused alike. Status is
told only after a right password, and only to a caller that asks for it; anybody else gets None for whoever is not
active. Attempts are counted here, for every door: also for a login form that knows nothing of us.

A password that was hashed elsewhere (PASSWORD_HASHERS lists what is accepted) is hashed anew at its first sign-in here;
until then it costs its own price.
"""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import account_status, policy
from accounts.errors import AccountsError, PasswordLoginDisabled
from accounts.models import User
from accounts.passwords import hashing
from fairlead import email_address
from fairlead.audit import refusals
from fairlead.causes import Cause, cause, of
from fairlead.web import password_tries
from fairlead.web.rate_limits import RateLimited

log = logging.getLogger(__name__)


class PasswordBackend(ModelBackend):
    """E-mail and password. Also the backend of every browser session, however it began: `get_user` is its part."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        *,
        tell: bool = False,
        even_where_disabled: bool = False,
        **kwargs: Any,
    ) -> User | None:
        """With `tell` raises AccountPending, AccountSuspended (after a right password) and PasswordLoginDisabled.

        `even_where_disabled` is for the page that asks for the password once, to link a provider.
        """
        if not username or password is None or kwargs:
            return None
        try:
            # First of all, before any query: whoever finds no place costs nothing.
            with hashing.place():
                if not even_where_disabled and not policy.password_sign_in_allowed():
                    raise PasswordLoginDisabled(settings=[policy.current().named("DISABLE_INTERNAL_AUTH")])
                with _counted(request, username):
                    user = _proven(username, password)
        except _Wrong as wrong:
            _tell(wrong.why, request=request, address=username, person=wrong.user)
            return None
        except PasswordLoginDisabled as refused:
            _tell(of(refused), request=request, address=username)
            if tell:
                raise
            return None
        except RateLimited as refused:
            if refused.on_record:
                _tell(of(refused), request=request, address=username)
            if tell:
                raise
            # Django asks no other backend then.
            raise PermissionDenied from None
        return _active(user, tell=tell, request=request)


class _Wrong(Exception):
    """Not their password: the attempt stays counted."""

    def __init__(self, why: Cause, user: User | None = None) -> None:
        super().__init__(str(why))
        self.why, self.user = why, user


def _active(user: User, *, tell: bool, request: HttpRequest | None) -> User | None:
    try:
        account_status.require_active(user)
    except AccountsError as refused:
        _tell(of(refused), request=request, address=user.email, person=user)
        if tell:
            raise
        return None
    return user


def _tell(why: Cause, *, request: HttpRequest | None, address: str, person: User | None = None) -> None:
    """Here, for every door: a login form that knows nothing of us tells nobody."""
    if request is not None:
        refusals.refused(why, request=request, address=address, person=person)


def _counted(request: HttpRequest | None, username: str) -> AbstractContextManager[None]:
    """Spellings of one address share one count. Without a request nobody from outside is trying."""
    if request is None:
        return nullcontext()
    try:
        account = email_address.canonical(username)
    except email_address.InvalidAddress:
        account = username[: email_address.MAX_LENGTH]
    return password_tries.counted(request, account=account)


def _proven(username: str, password: str) -> User:
    """Raises _Wrong, after one hash whatever is wrong."""
    try:
        user = User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        User().set_password(password)
        raise _Wrong(cause("password.address_unknown")) from None
    if not user.check_password(password):
        raise _Wrong(_why(user), user)
    return user


def _why(user: User) -> Cause:
    """A hash that no listed hasher knows refuses every password: only the record and the log can say so."""
    if not user.has_usable_password():
        return cause("password.none")
    try:
        identify_hasher(user.password)
    except ValueError:
        kind = user.password.partition("$")[0] if "$" in user.password else "unknown"
        log.warning("PASSWORD_HASHERS does not list the kind of this password", extra={"user": user.pk, "kind": kind})
        return cause("password.kind_not_accepted", kind=kind)
    return cause("password.wrong")
