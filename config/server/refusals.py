"""What a client is told that never reaches the application: a problem document, as bytes of HTTP.

Imported in the worker, after the fork: a reload must find the application's code as it is then.
"""

import uuid
from http import HTTPStatus

from django.http import HttpRequest

from fairlead.web import problems


def refusal(status: int, code: str, detail: str, *, retry_after: int | None = None, head: bool = False) -> bytes:
    """The whole answer, which closes the connection. `head`: without its body."""
    request_id = uuid.uuid4().hex
    request = HttpRequest()
    request.request_id = request_id  # type: ignore[attr-defined]  # as RequestIdMiddleware does
    phrase = HTTPStatus(status).phrase
    more = {"status": status} if code == "invalid_request" else {}
    told = problems.answer(code, detail, request=request, retry_after=retry_after, more=more)
    headers = {
        **dict(told.items()),
        "X-Request-Id": request_id,
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(len(told.content)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if head else told.content)
