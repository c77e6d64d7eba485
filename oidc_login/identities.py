"""A person's linked providers: to list, to unlink, to link another from inside.

Linking from inside needs a fresh sign-in and ends in the browser in which that sign-in happened. Otherwise somebody
could begin a link to their own account, lure a victim into finishing it, and own every later sign-in of the victim's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from fairlead.audit.events import Event, record
from fairlead.people import people
from fairlead.signals import linked, tell, unlinked
from fairlead.transactions import durable
from oidc_login import providers
from oidc_login.errors import LoginRefused
from oidc_login.flow import browser_binding
from oidc_login.flow.claims import ExternalIdentity
from oidc_login.models import AuthorizationRequest, Identity
from oidc_login.providers import ProviderConfig


def of(user: Any) -> list[Identity]:
    return list(Identity.objects.filter(user=user).order_by("created_at"))


def add(identity: Identity, *, by: str, request: HttpRequest) -> None:
    """Write a new identity, with its record. In the caller's transaction. Raises IntegrityError for a second one."""
    identity.save(force_insert=True)
    user = identity.user
    record(Event.IDENTITY_LINKED, actor=user, subject=user, request=request, issuer=identity.issuer, by=by)
    tell(linked, sender=Identity, user=user, request=request, issuer=identity.issuer)


def seen(identity: Identity, *, claims: Mapping[str, Any], provider: ProviderConfig, now: datetime) -> None:
    """Note what the provider said this time, and through which client."""
    identity.claims, identity.last_login_at, identity.provider = dict(claims), now, provider.id
    others = Identity.objects.filter(user=identity.user_id, issuer=identity.issuer, client_id=provider.client_id)
    if identity.client_id != provider.client_id and not others.filter(organization=identity.organization_id).exists():
        identity.client_id = provider.client_id
    identity.save(update_fields=["claims", "last_login_at", "provider", "client_id"])


def other_subject(user: Any, *, issuer: str, client_id: str) -> bool:
    """Whether the person is linked to a subject of this issuer through this client, or nobody knows through which."""
    return Identity.objects.filter(organization=None, user=user, issuer=issuer, client_id__in={client_id, ""}).exists()


def link(external: ExternalIdentity, *, user: Any, provider: ProviderConfig, request: HttpRequest) -> Identity:
    """Link from inside. The same link again changes nothing. Raises LoginRefused(email_already_linked)."""
    identity = Identity(
        user=user,
        issuer=external.issuer,
        subject=external.subject,
        client_id=provider.client_id,
        provider=provider.id,
        claims=external.kept,
    )
    try:
        with durable():
            known = Identity.objects.filter(organization=None, issuer=external.issuer, subject=external.subject).first()
            if known is not None and known.user_id == user.pk:
                return known
            if known is not None:
                raise LoginRefused("linking.another_account")
            if other_subject(user, issuer=external.issuer, client_id=provider.client_id):
                raise LoginRefused("linking.other_subject")
            add(identity, by="from_inside", request=request)
    except IntegrityError:
        raise LoginRefused("linking.other_subject") from None
    return identity


def unlink(identity_id: UUID, *, user: Any, request: HttpRequest) -> None:
    """Take an identity away. Raises LoginRefused: not_found, last_way_in."""
    with transaction.atomic():
        if people().by_id(user.pk, lock=True) is None:
            raise LoginRefused("identities.unknown")
        identity = Identity.objects.filter(pk=identity_id, user=user).first()
        if identity is None:
            raise LoginRefused("identities.unknown")
        if not _another_way_in(user, identity):
            raise LoginRefused("identities.last_way_in")
        remove(identity, actor=user, request=request)


def remove(identity: Identity, *, actor: Any, request: HttpRequest) -> None:
    """Delete it, whatever else there is, with its record. For administrators, and for `unlink`."""
    user, issuer = identity.user, identity.issuer
    with transaction.atomic():
        record(Event.IDENTITY_UNLINKED, actor=actor, subject=user, request=request, issuer=issuer)
        identity.delete()
        tell(unlinked, sender=Identity, user=user, request=request, issuer=issuer)


def _another_way_in(user: Any, identity: Identity) -> bool:
    """A password counts where passwords are accepted; another identity where its provider is enabled."""
    if people().state(user).has_password and people().password_sign_in_allowed():
        return True
    others = Identity.objects.filter(user=user).exclude(pk=identity.pk)
    return any(providers.of_identity(each) for each in others)


def require_same_person(begun: AuthorizationRequest, *, request: HttpRequest) -> Any:
    """The person a link is for, still signed in, here. Raises LoginRefused(link_requires_sign_in)."""
    bound_to = begun.binding if begun.session_id else ""
    if begun.user is None or not is_here(begun.user, session_id=begun.session_id, bound_to=bound_to, request=request):
        raise LoginRefused("linking.another_person")
    return begun.user


def is_here(user: Any, *, session_id: str, bound_to: str, request: HttpRequest) -> bool:
    """Whether this browser is the person's: signed in on our pages, or the one of the open API session's sign-in."""
    here = people().signed_in(request)
    if here is not None and here.user.pk == user.pk:
        return True
    if not session_id or not bound_to or not browser_binding.same_browser(bound_to, request=request):
        return False
    return people().session_is_open(session_id, user=user)
