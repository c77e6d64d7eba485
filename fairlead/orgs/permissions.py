"""What a caller of the organization API may do, by the table of `rights`. Fails closed: no organization, no access."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from fairlead.orgs import rights
from fairlead.orgs.errors import FreshSignInRequired, KeyCannotMakeKeys, OrganizationRefused
from fairlead.orgs.models import Membership
from fairlead.orgs.rights import Caller, Right
from fairlead.people import FRESH
from fairlead.web.door import refusals

if TYPE_CHECKING:
    from rest_framework.views import APIView


class InOrganization(BasePermission):
    """A view says in `rights` what each of its methods needs. Where it does not, safe methods read and others write."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if getattr(request._request, "organization", None) is None:
            return False
        named: Mapping[str, Right] = getattr(view, "rights", {})
        method = "GET" if request.method == "HEAD" else str(request.method)
        with refusals():
            require(request, named.get(method, Right.READ if method in SAFE_METHODS else Right.WRITE))
        return True


def require(request: Request, right: Right) -> None:
    """Raises OrganizationRefused, KeyCannotMakeKeys, FreshSignInRequired."""
    caller = caller_of(request)
    if not rights.allowed(caller, right):
        raise KeyCannotMakeKeys if caller is Caller.KEY and right in rights.OF_KEYS else OrganizationRefused
    if right in rights.FRESH:
        require_fresh(request)


def require_fresh(request: Request) -> None:
    """The person proved who they are within the last five minutes, as the database has it now.

    Raises FreshSignInRequired: also where the site's way to recognise people cannot tell when that was.
    """
    recogniser: Any = getattr(request._request, "recognised_by", None)
    if not hasattr(recogniser, "authenticated_at"):
        raise FreshSignInRequired
    if timezone.now() - recogniser.authenticated_at(request) > FRESH:
        raise FreshSignInRequired


def membership_of(request: Request) -> Membership:
    """The caller's own. Only where the right is one that keys do not have."""
    found: Membership = request._request.membership  # type: ignore[attr-defined]
    return found


def caller_of(request: Request) -> Caller:
    found: Caller = request._request.caller  # type: ignore[attr-defined]
    return found
