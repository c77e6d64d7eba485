"""A sign-in that lets nobody in: an administrator goes the whole way at a provider and sees what would have happened.

It issues nothing: no user, identity, session, token or code is made or changed. What the provider said is shown once,
on the answer to the callback, to the administrator who began; it is neither stored nor logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from oidc_login import people
from oidc_login.codes import Code
from oidc_login.errors import LoginRefused
from oidc_login.flow import claims, provisioning
from oidc_login.flow.claims import PersonClaims
from oidc_login.flow.linking import Decision
from oidc_login.models import LoginAttempt
from oidc_login.people import Person
from oidc_login.providers import ProviderConfig

PERMISSION = "oidc_login.change_provider"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How far it came. `refused` is why it ended early; `decision` is what a real sign-in would have done."""

    id_token: Mapping[str, Any] = field(default_factory=dict, repr=False)
    userinfo: Mapping[str, Any] = field(default_factory=dict, repr=False)
    person: PersonClaims | None = field(default=None, repr=False)
    decision: Decision | None = None
    account: Person | None = None
    refused: LoginRefused | None = None


def look(
    id_token: Mapping[str, Any],
    userinfo: Mapping[str, Any],
    *,
    provider: ProviderConfig,
    request: HttpRequest,
    now: datetime,
) -> Seen:
    """What these documents would lead to. `id_token` are verified claims, `userinfo` is of the same subject."""
    try:
        person = claims.read(id_token, userinfo, trust_email=provider.trust_email)
    except LoginRefused as refused:
        return Seen(id_token=id_token, userinfo=userinfo, refused=refused)
    decision, account = provisioning.foresee(person, provider=provider, request=request, now=now)
    return Seen(id_token=id_token, userinfo=userinfo, person=person, decision=decision, account=account)


def require_administrator(attempt: LoginAttempt, *, request: HttpRequest) -> None:
    """Whoever began is still signed in in this browser, and still an administrator. Raises LoginRefused(state_invalid).

    Else somebody could begin a dry run, have a victim finish it and read the victim's claims over their shoulder.
    """
    administrator = people.administrator_here(request, permission=PERMISSION)
    if administrator is None or administrator != attempt.user:
        raise LoginRefused(Code.STATE_INVALID, cause="the administrator who began the dry run is not signed in here")
