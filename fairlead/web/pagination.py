"""Lists, page by page: newest first, by keyset, without COUNT or OFFSET, so that page 8000 costs what page 1 costs.

A cursor is where a page ended, signed for one list (`scope`): another list's, or another tenant's, is as bad as an
invented one.
"""

import base64
import binascii
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.conf import conf

M = TypeVar("M", bound=Model)
DEFAULT = 50
MOST = 200
_MAX_CURSOR = 200


@dataclass(frozen=True, kw_only=True)
class _Position:
    """Just before or just after the row with this time and id."""

    backwards: bool
    created_at: datetime
    id: uuid.UUID


def answer(
    request: Request,
    rows: QuerySet[M],
    *,
    scope: str,
    shape: Callable[[M], Any],
    load: Callable[[Sequence[M]], None] | None = None,
) -> Response:
    """One page of `rows` as `{results, next, previous}`. Rows need `created_at`, `id` and their index. `load` gets the
    page's rows before they are shaped, for what belongs to all of them.

    A cursor counts for the same `scope` alone. Raises ValidationError for a limit or cursor that is not one.
    """
    limit = _limit(request)
    signer = signing.Signer(salt=f"cursor {scope}", sep=".")
    raw_cursor = request.query_params.get("cursor")
    position = _read(raw_cursor, signer) if raw_cursor is not None else None
    found = _window(rows, position, limit)
    more = len(found) > limit
    page = found[:limit]
    backwards = position is not None and position.backwards
    if backwards:
        page.reverse()
    if load is not None:
        load(page)
    has_next = more if not backwards else True
    has_previous = more if backwards else position is not None
    return Response(
        {
            "results": [shape(row) for row in page],
            "next": _link(request, signer, page[-1], limit, backwards=False) if page and has_next else None,
            "previous": _link(request, signer, page[0], limit, backwards=True) if page and has_previous else None,
        }
    )


def _window(rows: QuerySet[M], position: _Position | None, limit: int) -> list[M]:
    if position is None:
        return list(rows.order_by("-created_at", "-id")[: limit + 1])
    at, pk = position.created_at, position.id
    if position.backwards:
        # Two conditions: the first lets both databases begin in the index, the second decides among equal times.
        rows = rows.filter(created_at__gte=at).filter(Q(created_at__gt=at) | Q(id__gt=pk))
        return list(rows.order_by("created_at", "id")[: limit + 1])
    rows = rows.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(id__lt=pk))
    return list(rows.order_by("-created_at", "-id")[: limit + 1])


def _limit(request: Request) -> int:
    raw = request.query_params.get("limit", str(DEFAULT))
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3 and 1 <= int(raw) <= MOST):
        raise ValidationError({"limit": [gettext("Send a whole number from 1 to {most}.").format(most=MOST)]})
    return int(raw)


def _link(request: Request, signer: signing.Signer, row: Any, limit: int, *, backwards: bool) -> str:
    micros = (row.created_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000
    raw = bytes([backwards]) + round(micros).to_bytes(8, "big") + row.id.bytes
    cursor = signer.sign(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())
    return f"{conf().origin}{request.path}?{urlencode({'limit': limit, 'cursor': cursor})}"


def _read(raw_cursor: str, signer: signing.Signer) -> _Position:
    try:
        if len(raw_cursor) > _MAX_CURSOR or not raw_cursor.isascii():
            raise ValueError("too long")
        raw = base64.urlsafe_b64decode(signer.unsign(raw_cursor) + "==")
        backwards, micros, identifier = raw[0], int.from_bytes(raw[1:9], "big"), uuid.UUID(bytes=raw[9:])
    except (signing.BadSignature, binascii.Error, ValueError, IndexError):
        raise ValidationError(
            {"cursor": [gettext("Send the cursor exactly as `next` or `previous` gave it.")]}
        ) from None
    seconds, rest = divmod(micros, 1_000_000)
    created_at = datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest)
    return _Position(backwards=bool(backwards), created_at=created_at, id=identifier)
