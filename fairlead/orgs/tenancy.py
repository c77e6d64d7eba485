"""The only way from a view to rows: through the organization of the request.

A view says `tenancy.rows(UserPool, request)` or `tenancy.row(UserPool, request, id)` and cannot name another tenant;
a test refuses `.objects` in views. Another tenant's row and one that does not exist are found by the same query to be
absent, so answer and time are the same.
"""

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.orgs.models import Organization
from fairlead.web import pagination

M = TypeVar("M", bound=Model)
_UUID = re.compile(r"\A[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


class NoOrganization(Exception):
    """A view asked for a tenant's rows without a tenant. A fault of ours, never of the caller."""


def organization(request: Request) -> Organization:
    """The tenant of the request. Raises NoOrganization where authentication did not set one."""
    found = getattr(request._request, "organization", None)
    if not isinstance(found, Organization):
        raise NoOrganization("The view did not use the authentication and permission classes of orgs.")
    return found


def actor(request: Request) -> Model | None:
    """The key or the person, for the audit record."""
    return request.user if isinstance(request.user, Model) else None


def page(
    request: Request,
    model: type[M],
    *,
    shape: Callable[[M], Any],
    join: tuple[str, ...] = (),
    load: Callable[[Sequence[M]], None] | None = None,
    **only: Any,
) -> Response:
    """A page of the tenant's rows; its cursor counts for this model and tenant alone. `load` gets all its rows before
    they are shaped; `only` are further conditions."""
    found = rows(model, request, **only).select_related(*join) if join else rows(model, request, **only)
    scope = f"{model._meta.db_table} {organization(request).pk}"
    return pagination.answer(request, found, scope=scope, shape=shape, load=load)


def rows(model: type[M], request: Request, **only: Any) -> QuerySet[M]:
    return owned(model, organization(request), **only)


def row(model: type[M], request: Request, raw_id: object, **only: Any) -> M:
    """Raises NotFound; for a malformed id too."""
    return one(model, organization(request), raw_id, **only)


def owned(model: type[M], of: Organization, **only: Any) -> QuerySet[M]:
    """The rows of `model` that belong to `of`. The model must have a field `organization`."""
    return model._default_manager.filter(organization=of, **only)


def one(model: type[M], of: Organization, raw_id: object, **only: Any) -> M:
    identifier = identifier_of(raw_id)
    found = owned(model, of, **only).filter(pk=identifier).first() if identifier else None
    if found is None:
        raise NotFound
    return found


def identifier_of(raw_id: object) -> uuid.UUID | None:
    """The UUID that a caller wrote in its one usual form, else None."""
    if isinstance(raw_id, uuid.UUID):
        return raw_id
    return uuid.UUID(raw_id) if isinstance(raw_id, str) and _UUID.match(raw_id) else None
