"""What this service logs, and where to: lines of `fairlead.web.logs`, to standard error."""

import logging.config

from django.conf import settings

from fairlead.web.logs import CallersFaultFilter, JSONFormatter, PlainFormatter, RequestIdFilter


def configure() -> None:
    formatter = JSONFormatter if settings.LOG_FORMAT == "json" else PlainFormatter
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request_id": {"()": RequestIdFilter}, "callers_fault": {"()": CallersFaultFilter}},
            "formatters": {"line": {"()": formatter}},
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "line",
                    "filters": ["request_id", "callers_fault"],
                },
            },
            "root": {"handlers": ["stderr"], "level": settings.LOG_LEVEL},
            "loggers": {
                # Its lines carry the raw address that was asked for, query and all.
                "django.request": {"level": "ERROR"},
                # Its debug lines carry whole contexts: a person's claims, a key that is shown once.
                "django.template": {"level": "INFO"},
                "django.security": {"level": "WARNING"},
                "urllib3": {"level": "ERROR"},
                "mozilla_django_oidc": {"level": "WARNING"},
            },
        }
    )
