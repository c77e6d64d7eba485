"""A middleware for projects with ATOMIC_REQUESTS: who calls is found out before the view's transaction begins.

Our authentication classes may fetch an issuer's keys, and claim a cooldown that other processes share. Inside the
view's transaction the claim would be undone by the view's error, so a caller could make us fetch again and again, and
locks would be held while another server is asked. Our own views are in no such transaction (`views.Api`).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from fairlead.web.door import BearerAuthentication


class AuthenticateFirst:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The answer, good or bad, is kept for `authenticate`, which gives it where the view asks."""
        cls = getattr(view, "cls", None)
        if cls is None or not _is_atomic(view):
            return
        options: dict[str, Any] = getattr(view, "initkwargs", {})
        context = {"view": cls(**options), "args": args, "kwargs": kwargs}
        for kind in _ours(options.get("authentication_classes", cls.authentication_classes)):
            kind().authenticate_before(Request(request, parser_context=context))


def _ours(kinds: Iterable[Any]) -> list[type[BearerAuthentication]]:
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BearerAuthentication)]


def _is_atomic(view: Any) -> bool:
    """Whether Django opens a transaction around this view (BaseHandler.make_view_atomic)."""
    exempt = getattr(view, "_non_atomic_requests", ())
    return any(each["ATOMIC_REQUESTS"] and alias not in exempt for alias, each in connections.settings.items())
