"""Redeeming a code: who may come in, as a web session on our own pages or with tokens for a front end.

The status is looked at again here: between the callback and this moment an administrator may have suspended the person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from fairlead.credentials.secrets import digest
from fairlead.people import people
from fairlead.web.rate_limits import RateLimited
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding, pending_links, pictures
from oidc_login.models import ExchangeCode, PendingLink


@dataclass(frozen=True, kw_only=True)
class RedeemedCode:
    """Somebody who may come in, through which provider (its id), and where they wanted to go."""

    user: Any
    provider: str
    sid: str
    redirect: str
    notices: tuple[str, ...] = ()


def by_exchange_code(code: str, *, request: HttpRequest, now: datetime, code_verifier: str = "") -> RedeemedCode:
    """Any attempt burns the code. Raises LoginRefused: exchange_code_invalid, account_pending, account_suspended."""
    row = ExchangeCode.consume(digest(code), now=now)
    if row is None:
        raise LoginRefused("exchange_code.unknown")
    if not browser_binding.matches(row, request=request, code_verifier=code_verifier):
        raise LoginRefused("exchange_code.bound_elsewhere")
    match people().state(row.user).status:
        case "suspended":
            raise LoginRefused("account.suspended").about(person=row.user, provider=row.provider)
        case "pending":
            raise LoginRefused("account.pending").about(person=row.user, provider=row.provider)
    return RedeemedCode(
        user=row.user, provider=row.provider, sid=row.sid, redirect=row.redirect, notices=tuple(row.notices)
    )


def by_link_code(
    code: str, *, password: str, request: HttpRequest, now: datetime, code_verifier: str = ""
) -> RedeemedCode:
    """Link after the account's password was given once. Counts a try, right or wrong; not one that nobody looked at.

    Raises LoginRefused (link_code_invalid, email_already_linked) and what a wrong password raises.
    """
    row = PendingLink.count_try(digest(code), now=now)
    if row is None:
        raise LoginRefused("link_code.unknown")
    if not browser_binding.matches(row, request=request, code_verifier=code_verifier):
        raise LoginRefused("link_code.bound_elsewhere")
    try:
        people().prove_password(request, row.user, password)
    except RateLimited:
        row.give_try_back()
        raise
    linked = pending_links.complete(row, request=request, now=now)
    pictures.look(linked.identity, user=linked.user, picture=row.picture_url, now=now)
    return RedeemedCode(user=linked.user, provider=row.provider, sid=row.sid, redirect=row.redirect)
