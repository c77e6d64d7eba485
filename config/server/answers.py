"""Answers of the application that the loop sends by itself: what /livez says, and what /readyz said a moment ago."""

import uuid
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import Response, create

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_own_id(self) -> "Answer":
        """The same for another request, under an id of its own."""
        others = tuple(each for each in self.headers if each[0].lower() != "x-request-id")
        return Answer(self.status, (*others, ("X-Request-Id", uuid.uuid4().hex)), self.body)

    def send(self, request: Any, outgoing: Any, *, cfg: Any, close: bool) -> bool:
        """Write it as the answer to this request. Returns whether the connection may be kept."""
        response = Response(request, outgoing, cfg)
        if close:
            response.force_close()
        response.start_response(self.status, list(self.headers))
        response.write(b"" if request.method == "HEAD" else self.body)
        response.close()
        outgoing.flush()
        return not response.should_close()


def ask(application: Application, request: Any, *, client: Any, server: Any, cfg: Any) -> Answer:
    """The application's answer to a request, kept instead of sent."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    _, environ = create(request, _Nobody(), client, server, cfg)
    environ["wsgi.multithread"] = True
    chunks = application(environ, lambda status, headers, *rest: said.append((status, headers)))
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    status, headers = said[-1]
    return Answer(status, tuple(headers), body)


def ask_ourselves(application: Application, path: str, *, cfg: Any) -> Answer:
    """The application's answer to a request of our own, in a context of its own: its request id stays there."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    here = ("127.0.0.1", 0)
    request = Request(cfg, IterUnreader([head]), here)
    return copy_context().run(partial(ask, application, request, client=here, server=here, cfg=cfg))


class _Nobody:
    """Where early hints go when nobody is connected."""

    def sendall(self, data: bytes) -> None:
        return
