"""Linking after the account's password was given: everything is checked again, since time has passed."""

from datetime import datetime

from django.db import IntegrityError
from django.http import HttpRequest

from fairlead.people import people
from fairlead.transactions import durable
from fairlead.verified_by import VerifiedBy
from oidc_login import identities
from oidc_login.errors import LoginRefused
from oidc_login.flow.provisioning import Provisioned
from oidc_login.models import Identity, PendingLink


def complete(row: PendingLink, *, request: HttpRequest, now: datetime) -> Provisioned:
    """Link a pending identity after its account's password was given. Everything is checked again, under a lock."""
    if PendingLink.consume(row.digest, now=now) is None:
        raise LoginRefused("link_code.unknown")
    try:
        with durable():
            user = people().by_id(row.user_id, lock=True)
            if user is None or people().state(user).email_canonical != row.email_canonical:
                raise LoginRefused("link_code.address_changed")
            if Identity.objects.filter(organization=None, issuer=row.issuer, subject=row.subject).exists():
                raise LoginRefused("link_code.linked_meanwhile")
            if identities.other_subject(user, issuer=row.issuer, client_id=row.client_id):
                raise LoginRefused("linking.other_subject")
            identity = Identity(
                user=user,
                issuer=row.issuer,
                subject=row.subject,
                client_id=row.client_id,
                provider=row.provider,
                claims=row.claims,
                last_login_at=now,
            )
            identities.add(identity, by="password_given", request=request)
            if row.email_proven:
                people().update(user, verified_by=VerifiedBy.PROVIDER, request=request)
    except IntegrityError:
        raise LoginRefused("link_code.linked_meanwhile") from None
    return Provisioned(user=user, identity=identity)
