"""Who calls the organization API, and for which organization: an API key, or a person who is a member.

Both put the tenant into `request.organization` and who calls into `request.caller`. The organization comes from the
key, or from the person's membership; never from a body or a path.
"""

import uuid
from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from fairlead.orgs import api_keys
from fairlead.orgs.errors import NoSuchOrganization, OrganizationRequired
from fairlead.orgs.models import ApiKey, Membership, Organization
from fairlead.orgs.rights import Caller
from fairlead.web import bearer, seams
from fairlead.web.door import BearerAuthentication

HEADER = "HTTP_X_ORGANIZATION_ID"


class ApiKeyAuthentication(BearerAuthentication):
    """`Authorization: Bearer flk_...`. `request.user` and `request.auth` are the key."""

    door = "key"

    def recognise(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        raw_key = bearer.credential(request)
        if raw_key is None or not raw_key.startswith(f"{api_keys.PREFIX}_"):
            return None
        now = timezone.now()
        key = api_keys.resolve(raw_key, now=now)
        if key is None:
            raise api_keys.refusal(raw_key, now=now)
        _speak_for(request, key.organization, caller=Caller.KEY, key_prefix=key.prefix)
        named = _named(request)
        if named is not None and named != key.organization_id:
            raise NoSuchOrganization
        return key, key


class MemberAuthentication(BearerAuthentication):
    """A person, recognised by one of the classes in `seams.member_authentication`, and their membership."""

    def recognise(self, request: Request) -> tuple[Any, Any] | None:
        for kind in seams.member_authentication:
            recogniser = kind()
            found: tuple[Any, Any] | None = recogniser.authenticate(request)
            if found is not None:
                membership = _membership(found[0], named=_named(request))
                _speak_for(request, membership.organization, caller=Caller(membership.role))
                inner: Any = request._request
                inner.recognised_by, inner.membership = recogniser, membership
                return found
        return None


def _membership(person: Any, *, named: uuid.UUID | None) -> Membership:
    """Raises NoSuchOrganization alike for an organization of others, a disabled one and one that does not exist."""
    memberships = Membership.objects.filter(user=person, ended_at=None, organization__disabled_at=None)
    memberships = memberships.select_related("organization")
    if named is not None:
        memberships = memberships.filter(organization=named)
    rows = list(memberships[:2])
    if not rows:
        raise NoSuchOrganization
    if len(rows) > 1:
        raise OrganizationRequired
    return rows[0]


def _named(request: Request) -> uuid.UUID | None:
    value = request.META.get(HEADER, "").strip()
    if not value:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        raise NoSuchOrganization from None


def _speak_for(request: Request, organization: Organization, *, caller: Caller, key_prefix: str = "") -> None:
    inner: Any = request._request
    inner.organization = organization
    inner.caller = caller
    inner.key_prefix = key_prefix
