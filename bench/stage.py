"""A throw-away installation in this process: settings, an empty database, and a WSGI server's way to call it."""

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def set_up(database_url: str) -> None:
    """Must come before anything that reads settings. What the environment says of databases and caches is ignored."""
    os.environ.update(DJANGO_SETTINGS_MODULE="bench.settings", DATABASE_URL=database_url, CACHE_URL="")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def configure(**values: Any) -> None:
    """Change settings of FAIRLEAD for what follows, and say so: they are kept until somebody does."""
    from django.conf import settings
    from django.core.signals import setting_changed

    settings.FAIRLEAD = {**settings.FAIRLEAD, **values}
    setting_changed.send(sender=None, setting="FAIRLEAD", value=settings.FAIRLEAD, enter=True)


def tear_down() -> None:
    from django.db import connections

    from fairlead.idtokens import http_adapters

    http_adapters.close_all()
    connections.close_all()


def bare() -> Callable[..., None]:
    """Calls a view that does nothing, without any middleware: what R is counted in."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    with override_settings(MIDDLEWARE=[]):
        application = WSGIHandler()
    return caller("/bench/bare", application=application)


def caller(
    path: str, *, status: int = 200, application: Application | None = None, **headers: str
) -> Callable[..., None]:
    """A function that sends this GET through the WSGI application; its argument replaces the bearer token."""
    from django.test import RequestFactory

    from config.wsgi import application as fairlead

    asked = application or fairlead
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = RequestFactory().get(path, headers=named).environ

    def call(bearer: str | None = None) -> None:
        sent: dict[str, Any] = {**environ, "wsgi.input": BytesIO()}
        if bearer is not None:
            sent["HTTP_AUTHORIZATION"] = f"Bearer {bearer}"
        statuses: list[str] = []
        response: Any = asked(sent, lambda line, found: statuses.append(line))
        body = b"".join(response)
        getattr(response, "close", lambda: None)()
        if not statuses[0].startswith(str(status)):
            raise RuntimeError(f"{path} answered {statuses[0]}: {body[:300]!r}")

    return call
