"""`Api`, the base of every API view of ours: what a host puts into REST_FRAMEWORK changes nothing here."""

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fairlead.idtokens import waiting
from fairlead.web import problems, put_back
from fairlead.web.bodies import StrictJSONParser


class Deny(BasePermission):
    """The permission of a view that names none."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class OneRenderer(BaseContentNegotiation):
    """The view's parser by media type; its first renderer whatever the caller accepts."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        content_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str | None]:
        return renderers[0], renderers[0].media_type


class Json(JSONRenderer):
    compact = True
    strict = True
    ensure_ascii = False


class Api(APIView):
    """Denies by default. Authentication, permission and throttle classes stand on every view itself.

    Its own transactions are its own: nothing of it runs inside one that ATOMIC_REQUESTS opened. What claims a cooldown
    or uses up a code must be committed before the answer, whatever happens to the rest.
    """

    authentication_classes: Any = ()
    permission_classes: Any = (Deny,)
    throttle_classes: Any = ()
    parser_classes: Any = (StrictJSONParser,)
    renderer_classes: Any = (Json,)
    content_negotiation_class: Any = OneRenderer
    versioning_class: Any = None
    keeps_refusals = False
    metadata_class: Any = None
    reads_session = False
    """Whether it reads or opens a browser's session. The site's middleware for pages is left out where none does."""
    may_be_put_back = False
    """Whether it takes a place to wait for the outside before it changes anything: see put_back.py."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view: Any = super().as_view(**initkwargs)
        for alias in connections:
            view = transaction.non_atomic_requests(using=alias)(view)
        return view

    def handle_exception(self, exc: Exception) -> Response:
        if self.may_be_put_back and isinstance(exc, waiting.Busy) and exc.full:
            put_back.offer(self.request._request, name=exc.full)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What a view does not say may be kept, nobody keeps: not in a project without our middleware either."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        return final

    def get_exception_handler(self) -> Callable[..., Any]:
        return problems.handle


class SignInApi(Api):
    """A door where somebody shows who they are: each of its refusals is on record (`audit.refusals`)."""

    keeps_refusals = True
