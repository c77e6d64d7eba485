"""Proving who one is by e-mail and password: limits, lock, the same refusal for whatever is wrong."""

import copy

from django.contrib.auth import authenticate
from django.http import HttpRequest, QueryDict

from accounts.errors import InvalidCredentials, InvalidRequest
from accounts.models import User
from accounts.passwords import lockout
from fairlead import client, email_address
from fairlead.web import rate_limits


def demand(request: HttpRequest, *, email: str, password: str, even_where_disabled: bool = False) -> User:
    """The active person whose e-mail and password these are. Signs nobody in.

    Raises InvalidRequest (empty), RateLimited, InvalidCredentials, PasswordLoginDisabled, and after a right password
    AccountPending or AccountSuspended.
    """
    if not email or not password:
        missing = {name: ["Fill this in."] for name, value in (("email", email), ("password", password)) if not value}
        raise InvalidRequest(errors=missing)
    try:
        account = email_address.canonical(email)
    except email_address.InvalidAddress:
        account = email
    rate_limits.hit("login", f"{client.network(request)} {account}", times=10, seconds=60)
    bare = _without_parameters(request)
    user = authenticate(bare, username=account, password=password, tell=True, even_where_disabled=even_where_disabled)
    if lockout.refused_unheard(bare):
        raise rate_limits.RateLimited(lockout.retry_after(bare, account))
    if not isinstance(user, User):
        raise InvalidCredentials
    return user


def _without_parameters(request: HttpRequest) -> HttpRequest:
    """The request as axes may keep it: it writes down every field of a failed form, whatever a password is called."""
    bare = copy.copy(request)
    bare.GET, bare.POST = QueryDict(), QueryDict()
    return bare
