"""Liveness, readiness and metrics: for load balancers and scrapers, not for people."""

import hmac
import logging

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all. Looks at nothing else, or an outage behind us would restart us."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served; 503 naming the part that is not there (never its address)."""
    parts = {"database": _database(), "migrations": _migrations(), "cache": _cache()}
    # Without the cache we serve on: rate limits are then counted in the database.
    ready = parts["database"] == "ok" and parts["migrations"] == "ok"
    return JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


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
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return "pending: run manage.py migrate" if pending else "ok"


def _cache() -> str:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        log.warning("readiness: the cache does not answer")
        return "unreachable"
    return "ok"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of this process; 404 unless METRICS is on, 404 too without the token where one is set."""
    if not settings.METRICS:
        raise Http404
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), expected.encode()
    ):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
