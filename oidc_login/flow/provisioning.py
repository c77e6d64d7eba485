"""Provisioning: carries out what `linking` decides, in one transaction, which also writes the code that ends it.

Parallel first sign-ins of one person meet at the database's unique constraints: the loser rolls back, looks again and
finds what the winner made. Nothing here calls anybody outside.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest

from fairlead.people import people
from fairlead.transactions import durable
from oidc_login import identities
from oidc_login.errors import LinkConfirmation, LoginRefused
from oidc_login.flow import exchange_codes
from oidc_login.flow.claims import EmailVerified, ExternalIdentity
from oidc_login.flow.exchange_codes import CodeBinding
from oidc_login.flow.linking import Action, Decision
from oidc_login.flow.matching import Match, expected, match
from oidc_login.models import Identity
from oidc_login.providers import ProviderConfig

log = logging.getLogger(__name__)
_ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Provisioned:
    """A person who may come in. `code` is the exchange code's plaintext, empty where none was asked for."""

    user: Any
    identity: Identity
    code: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _SignIn:
    """What one sign-in is about. Without `bound_to` (mobile) no code is written."""

    external: ExternalIdentity
    provider: ProviderConfig
    bound_to: CodeBinding | None
    request: HttpRequest
    now: datetime


def provision(
    external: ExternalIdentity,
    *,
    provider: ProviderConfig,
    binding: CodeBinding | None,
    request: HttpRequest,
    now: datetime,
) -> Provisioned:
    """Sign in, link or create, as the rules say. Without a `binding` (mobile) no code is written.

    Raises LoginRefused with the rule's cause; LinkConfirmation where the account's password is asked for first.
    """
    sign_in = _SignIn(external=external, provider=provider, bound_to=binding, request=request, now=now)
    for _ in range(_ROUNDS):
        try:
            with durable():
                found = match(external, provider=provider)
                outcome = _carry_out(found, sign_in)
        except IntegrityError:
            log.info("provisioning: somebody was faster; looking again")
            continue
        if isinstance(outcome, LoginRefused):
            raise outcome.about(person=found.user, address=external.email, provider=provider.id)
        return outcome
    raise LoginRefused("provisioning.in_parallel").about(address=external.email, provider=provider.id)


def _carry_out(found: Match, sign_in: _SignIn) -> Provisioned | LoginRefused:
    """Returns a refusal instead of raising it, since the rows that it wrote have to stay."""
    decision = found.decision
    match decision.action:
        case Action.SIGN_IN if found.identity:
            return _sign_in(found.user, found.identity, sign_in)
        case Action.LINK:
            return _link(found.user, decision, sign_in)
        case Action.ASK_FOR_PASSWORD:
            return _ask(found.user, sign_in)
        case Action.CREATE:
            return _create(decision, sign_in)
    assert decision.cause is not None  # noqa: S101 - narrows the type; a refusal has its cause
    return LoginRefused(decision.cause)


def _sign_in(user: Any, identity: Identity, sign_in: _SignIn) -> Provisioned:
    _follow_provider(user, sign_in)
    identities.seen(identity, claims=sign_in.external.kept, provider=sign_in.provider, now=sign_in.now)
    return _let_in(user, identity, sign_in)


def _follow_provider(user: Any, sign_in: _SignIn) -> None:
    external, site = sign_in.external, people()
    account = site.state(user)
    if not account.name_is_own:
        site.update(user, name=external.name)
    if external.email_verified is EmailVerified.TRUE and external.email_canonical == account.email_canonical:
        # The administrator of the settings: the provider has just proven that address.
        site.promote(user, request=sign_in.request)


def _let_in(user: Any, identity: Identity, sign_in: _SignIn, *, notices: tuple[str, ...] = ()) -> Provisioned:
    code = ""
    if sign_in.bound_to:
        code = exchange_codes.issue_exchange_code(
            user,
            provider=sign_in.provider,
            bound_to=sign_in.bound_to,
            sid=sign_in.external.sid,
            notices=notices,
            now=sign_in.now,
        )
    return Provisioned(user=user, identity=identity, code=code, notices=notices)


def _link(user: Any, decision: Decision, sign_in: _SignIn) -> Provisioned | LoginRefused:
    if decision.expected and not expected(sign_in.external, user=user).update(used_at=sign_in.now):
        raise IntegrityError("the expected identity was used meanwhile")
    removed = decision.wipe_unverified and people().wipe_unverified(user, request=sign_in.request)
    identity = _new_identity(user, sign_in)
    by = "expected" if decision.expected else "verified_address"
    identities.add(identity, by=by, request=sign_in.request)
    if decision.verified_by:
        people().update(user, verified_by=decision.verified_by, request=sign_in.request)
    _follow_provider(user, sign_in)
    return _let_in(user, identity, sign_in, notices=("password_removed",) if removed else ())


def _ask(user: Any, sign_in: _SignIn) -> LoginRefused:
    if sign_in.bound_to is None:
        return LoginRefused("linking.password_wanted")
    code = exchange_codes.issue_link_code(
        user,
        external=sign_in.external,
        provider=sign_in.provider,
        bound_to=sign_in.bound_to,
        now=sign_in.now,
    )
    return LinkConfirmation(code)


def _create(decision: Decision, sign_in: _SignIn) -> Provisioned | LoginRefused:
    external, site = sign_in.external, people()
    user = site.create(
        email=external.email,
        name=external.name,
        verified_by=decision.verified_by,
        pending=decision.review,
        request=sign_in.request,
    )
    identity = _new_identity(user, sign_in)
    identities.add(identity, by="new", request=sign_in.request)
    if external.email_verified is EmailVerified.TRUE:
        # Before the look at the status: the administrator of the settings waits for nobody's approval.
        site.promote(user, request=sign_in.request)
    if site.state(user).status == "pending":
        return LoginRefused("account.pending")
    return _let_in(user, identity, sign_in)


def _new_identity(user: Any, sign_in: _SignIn) -> Identity:
    return Identity(
        user=user,
        issuer=sign_in.external.issuer,
        subject=sign_in.external.subject,
        client_id=sign_in.provider.client_id,
        provider=sign_in.provider.id,
        claims=sign_in.external.kept,
        last_login_at=sign_in.now,
    )
