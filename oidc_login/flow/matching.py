"""Whom a person at a provider could be here: looked up under locks, and decided by `linking`. Writes nothing."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from fairlead.people import SignupRules, people
from fairlead.person_refusals import SeveralAccounts
from fairlead.transactions import durable
from oidc_login.errors import LoginRefused
from oidc_login.flow.claims import ExternalIdentity
from oidc_login.flow.linking import Decision, SameAddress, decide
from oidc_login.identities import other_subject
from oidc_login.models import ExpectedIdentity, Identity
from oidc_login.providers import ProviderConfig

_NOBODY = SignupRules(open=False)


@dataclass(frozen=True, kw_only=True)
class Match:
    """`user` is the identity's, or else the one with the same address."""

    identity: Identity | None
    user: Any | None
    decision: Decision


def match(external: ExternalIdentity, *, provider: ProviderConfig) -> Match:
    """Inside a transaction: what was found stays as it is until its end. Raises LoginRefused for two of one address."""
    identity = _linked_before(external)
    known = people().by_id(identity.user_id, lock=True) if identity else None
    same = None if known else _of_address(external.email_canonical)
    if same and (identity := _linked_before(external)):
        # Between the two looks another first sign-in of this person was committed: the account is their own.
        known, same = people().by_id(identity.user_id, lock=True), None
    decision = decide(
        external,
        known=people().state(known) if known else None,
        same_address=_same_address(same, external=external, provider=provider) if same else None,
        linking=provider.linking,
        signup=_NOBODY if known or same else people().signup(external.email_canonical),
    )
    return Match(identity=identity, user=known or same, decision=decision)


def foresee(external: ExternalIdentity, *, provider: ProviderConfig) -> Match:
    """What a sign-in would find and do."""
    with durable():
        return match(external, provider=provider)


def expected(external: ExternalIdentity, *, user: Any) -> Any:
    """The expected identities of this issuer and address that name this user: one or none."""
    return ExpectedIdentity.objects.filter(
        user=user,
        issuer=external.issuer,
        address=external.email_canonical,
        used_at=None,
        expires_at__gt=timezone.now(),
    )


def _linked_before(external: ExternalIdentity) -> Identity | None:
    return Identity.objects.filter(organization=None, issuer=external.issuer, subject=external.subject).first()


def _of_address(canonical: str) -> Any | None:
    try:
        return people().by_email(canonical, lock=True)
    except SeveralAccounts:
        raise LoginRefused("linking.several_accounts") from None


def _same_address(user: Any, *, external: ExternalIdentity, provider: ProviderConfig) -> SameAddress:
    return SameAddress(
        account=people().state(user),
        other_subject=other_subject(user, issuer=external.issuer, client_id=provider.client_id),
        expected=expected(external, user=user).exists(),
    )
