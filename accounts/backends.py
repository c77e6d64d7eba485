"""Django's door for passwords.

Unknown e-mail, account without a password and wrong password cost the same one hash and are refused alike. Status is
told only after a right password, and only to a caller that asks for it; anybody else gets None for whoever is not
active. Counting of failures is axes', which stands before this backend.

A password that was hashed elsewhere (PASSWORD_HASHERS lists what is accepted) is hashed anew at its first sign-in here;
until then it costs its own price.
"""

import logging
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import identify_hasher
from django.http import HttpRequest

from accounts import account_status, policy
from accounts.errors import PasswordLoginDisabled
from accounts.models import User

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
        if not even_where_disabled and not policy.password_sign_in_allowed():
            if tell:
                raise PasswordLoginDisabled
            return None
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            User().set_password(password)
            return None
        if not user.check_password(password):
            _tell_of_unknown_kind(user)
            return None
        if tell:
            account_status.require_active(user)
        return user if user.is_active else None


def _tell_of_unknown_kind(user: User) -> None:
    """A hash that no listed hasher knows refuses every password: only the log can say why."""
    if not user.has_usable_password():
        return
    try:
        identify_hasher(user.password)
    except ValueError:
        kind = user.password.partition("$")[0] if "$" in user.password else "unknown"
        log.warning("PASSWORD_HASHERS does not list the kind of this password", extra={"user": user.pk, "kind": kind})
