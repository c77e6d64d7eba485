"""Where a refused call goes: a row of its own at the doors where people sign in, a counter at all others."""

from typing import Any

from django.http import HttpRequest

from fairlead.audit import token_doors
from fairlead.audit.refusals import refused_by
from fairlead.refusal import Refused, Whose


def tell(refused: Refused, *, request: HttpRequest, kept: bool = False) -> None:
    if kept and refused.on_record:
        refused_by(refused, request=request)
    else:
        token_doors.count(refused, request=request, whose=refused.whose or _whose(request))


def _whose(request: HttpRequest) -> Whose:
    """What the doors of the call noted, before something further inside refused it."""
    known: Any = request
    organization, caller = getattr(known, "organization", None), getattr(known, "app_caller", None)
    if caller is not None:
        client = caller.client and caller.client.pk
        return Whose(organization=caller.pool.organization_id, pool=caller.pool.pk, client=client)
    return Whose(organization=getattr(organization, "pk", None), key_prefix=getattr(known, "key_prefix", ""))
