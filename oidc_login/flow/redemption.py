"""What a code is good for in the end: a web session on our own pages, or tokens for a front end.

The status is looked at again here: between the callback and this moment an administrator may have suspended the person.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from oidc_login import people
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import exchange_codes, pictures, provisioning
from oidc_login.models import ExchangeCode
from oidc_login.people import Person


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Somebody who may come in, and where they wanted to go."""

    user: Person
    provider: str
    redirect: str
    notices: tuple[str, ...] = ()


def by_exchange_code(code: str, *, request: HttpRequest, now: datetime, code_verifier: str = "") -> SignedIn:
    """Raises LoginRefused: exchange_code_invalid, account_pending, account_suspended."""
    row: ExchangeCode = exchange_codes.consume_exchange_code(
        code, request=request, now=now, code_verifier=code_verifier
    )
    _require_active(row.user)
    return SignedIn(user=row.user, provider=row.provider, redirect=row.redirect, notices=tuple(row.notices))


def by_link_code(code: str, *, password: str, request: HttpRequest, now: datetime, code_verifier: str = "") -> SignedIn:
    """Link after the account's password was given once, and sign in.

    Raises LoginRefused (link_code_invalid, email_already_linked) and what a wrong password raises.
    """
    row = exchange_codes.try_link_code(code, request=request, now=now, code_verifier=code_verifier)
    people.prove_password(request, row.user, password)
    arrival = provisioning.attach(row.user, row=row, request=request, now=now)
    pictures.look(arrival.identity, picture=row.picture_url, now=now)
    return SignedIn(user=arrival.user, provider=row.provider, redirect=row.redirect)


def _require_active(user: Person) -> None:
    status = people.status_of(user)
    if status == "suspended":
        raise LoginRefused(Code.ACCOUNT_SUSPENDED)
    if status == "pending":
        raise LoginRefused(Code.ACCOUNT_PENDING)
