"""Liveness, readiness and metrics: for load balancers and scrapers, not for people."""

import hmac
import logging
from collections.abc import Callable
from functools import cache as once

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from config import scrape

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers /livez and /readyz for whatever Host they are asked: load balancers ask by the machine's address.

    Stands before everything that looks at the host, the session or the database. Nothing else is served so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = _BY_ANY_HOST.get(request.path_info)
        if view is None:
            return self.get_response(request)
        response = view(request)
        response["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        response["Content-Length"] = str(len(response.content))
        return response


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all. Looks at nothing else, or an outage behind us would restart us."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served; 503 naming the part that is not there (never its address)."""
    parts = _parts()
    # Without the cache we serve on: rate limits are then counted in the database.
    ready = parts["database"] == "ok" and parts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


def _parts() -> dict[str, str]:
    return {"database": _database(), "migrations": _migrations(), "cache": _cache()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.warning("readiness: the database does not answer")
        return "unreachable"
    return "ok"


def _migrations() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "unknown"
    return "pending: run manage.py migrate" if _on_disk() - applied.keys() else "ok"


@once
def _on_disk() -> frozenset[tuple[str, str]]:
    """The migrations that this process's code came with."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _cache() -> str:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        log.warning("readiness: the cache does not answer")
        return "unreachable"
    return "ok"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What all processes of this server counted; 404 unless METRICS is on, and without the token where one is set."""
    if not settings.METRICS:
        raise Http404
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), expected.encode()
    ):
        raise Http404
    parts = {name: said == "ok" for name, said in _parts().items()}
    return HttpResponse(scrape.text(parts=parts), content_type=CONTENT_TYPE_LATEST)


# What load balancers and scrapers ask for over plain http, by the machine's address.
_BY_ANY_HOST = {"/livez": livez, "/readyz": readyz}
PATHS = frozenset({*_BY_ANY_HOST, "/metrics"})
