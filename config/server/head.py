"""A request's head, from its bytes: gunicorn's own parser, and on top what it forgives and we do not.

A proxy before us and we have to read the same host and the same body out of the same bytes.
"""

from typing import Any

from gunicorn.http import errors
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

_STATUS: dict[type[Exception], int] = {
    errors.LimitRequestLine: 414,
    errors.LimitRequestHeaders: 431,
    errors.ExpectationFailed: 417,
    errors.UnsupportedTransferCoding: 501,
}


class Refused(Exception):
    """A request that never reaches the application: answered with `status`, and the connection closes."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def parse(raw: bytes, *, cfg: Any, address: Any) -> Any:
    """gunicorn's Request. Raises Refused."""
    try:
        request = Request(cfg, IterUnreader([raw]), address)
    except errors.ParseException as error:
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
        if isinstance(error, errors.InvalidHTTPVersion) and isinstance(error.version, tuple):
            status = 505
        raise Refused(status, _DETAIL.get(status, "The request's head is malformed.")) from error
    except (OSError, ValueError, StopIteration) as error:
        raise Refused(400, "The request's head is malformed.") from error
    _require_one_reading(request)
    return request


def _require_one_reading(request: Any) -> None:
    """Refuse what gunicorn forgives and another reader may understand otherwise (RFC 9112 2.5, 3.2, 6.1)."""
    if request.version not in {(1, 0), (1, 1)}:
        raise Refused(505, _DETAIL[505])
    hosts = [value for name, value in request.headers if name == "HOST"]
    if len(hosts) > 1 or (not hosts and request.version == (1, 1)):
        raise Refused(400, "The request has to name its host, once.")
    codings = [value.strip().lower() for name, value in request.headers if name == "TRANSFER-ENCODING"]
    if codings not in ([], ["chunked"]):
        raise Refused(501, _DETAIL[501])


_DETAIL = {
    414: "The request line is too long.",
    417: "The only expectation that is understood is 100-continue.",
    431: "The request has too many headers, or one that is too long.",
    501: "The only transfer coding that is understood is chunked.",
    505: "The versions that are spoken here are HTTP/1.0 and HTTP/1.1.",
}
