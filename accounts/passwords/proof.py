"""Proving who one is by e-mail and password: the same refusal for whatever is wrong."""

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.errors import InvalidCredentials, InvalidRequest
from accounts.models import User


def demand(request: HttpRequest, *, email: str, password: str, even_where_disabled: bool = False) -> User:
    """The active person whose e-mail and password these are. Signs nobody in.

    Attempts are counted in PasswordBackend. Raises InvalidRequest (empty), RateLimited, InvalidCredentials,
    PasswordLoginDisabled, and after a right password AccountPending or AccountSuspended.
    """
    if not email or not password:
        missing = {
            name: [gettext("Fill this in.")] for name, value in (("email", email), ("password", password)) if not value
        }
        raise InvalidRequest(errors=missing)
    user = authenticate(request, username=email, password=password, tell=True, even_where_disabled=even_where_disabled)
    if not isinstance(user, User):
        raise InvalidCredentials
    return user
