"""What a caller of the organization API may do. Fails closed: no organization, no access."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from fairlead.orgs.errors import KeyCannotMakeKeys
from fairlead.orgs.models import ApiKey
from fairlead.web.door import refusals

if TYPE_CHECKING:
    from rest_framework.views import APIView


class InOrganization(BasePermission):
    """Keys, admins and members read and write; read-only members use safe methods alone."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if getattr(request._request, "organization", None) is None:
            return False
        return request.method in SAFE_METHODS or request._request.may_write is True  # type: ignore[attr-defined]


class KeysAreMadeByPeople(BasePermission):
    """For views that hand out a key whatever the body says. A stolen key could otherwise breed others."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        with refusals():
            refuse_keys(request)
        return True


def refuse_keys(request: Request) -> None:
    """Raises KeyCannotMakeKeys where the caller is a key."""
    if isinstance(request.auth, ApiKey):
        raise KeyCannotMakeKeys
