"""A sign-in that lets nobody in: an administrator goes the whole way at a provider and sees what would have happened.

It issues nothing: no user, identity, session, token or code is made or changed. What the provider said is shown once,
on the answer to the callback, to the administrator who began; it is neither stored nor logged. That it went well is
noted in the provider's row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from fairlead.people import people
from oidc_login.backends import ProviderClaims
from oidc_login.errors import LoginRefused
from oidc_login.flow import claims, matching, other_backends
from oidc_login.flow.claims import ExternalIdentity
from oidc_login.flow.linking import Decision
from oidc_login.models import AuthorizationRequest
from oidc_login.providers import ProviderConfig

PERMISSION = "oidc_login.change_provider"


@dataclass(frozen=True, kw_only=True)
class Report:
    """How far it came. `refused` is why it ended early; `decision` is what a real sign-in would have done."""

    id_token: Mapping[str, Any] = field(default_factory=dict, repr=False)
    userinfo: Mapping[str, Any] = field(default_factory=dict, repr=False)
    external: ExternalIdentity | None = field(default=None, repr=False)
    decision: Decision | None = None
    account_email: str = ""
    """Of the account that would be signed in or linked, if there is one."""
    refused: LoginRefused | None = None


def look(said: ProviderClaims, *, provider: ProviderConfig, request: HttpRequest) -> Report:
    """What these claims would lead to."""
    try:
        external = claims.read(said.id_token, said.userinfo, trust_email=provider.trust_email)
        other_backends.ask(external, request=request)
        found = matching.foresee(external, provider=provider)
    except LoginRefused as refused:
        return Report(id_token=said.id_token, userinfo=said.userinfo, refused=refused)
    return Report(
        id_token=said.id_token,
        userinfo=said.userinfo,
        external=external,
        decision=found.decision,
        account_email=people().state(found.user).email if found.user else "",
    )


def require_administrator(begun: AuthorizationRequest, *, request: HttpRequest) -> None:
    """Whoever began is still signed in in this browser, and still an administrator. Raises LoginRefused(state_invalid).

    Else somebody could begin a dry run, have a victim finish it and read the victim's claims over their shoulder.
    """
    administrator = administrator_here(request)
    if administrator is None or administrator != begun.user:
        raise LoginRefused("dry_run.another_person")


def administrator_here(request: HttpRequest) -> Any | None:
    """Whoever is signed in in this browser, if they may try providers out."""
    here = people().signed_in(request)
    return here.user if here and people().may_administer(here.user, PERMISSION) else None
