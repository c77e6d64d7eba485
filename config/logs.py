"""Log lines: one JSON object or one plain line each, every one with the request's id. Never a secret, never a body."""

import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings

from config.redaction import redact
from fairlead.web.middleware import current_request_id

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request_id", "taskName"}


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = current_request_id.get()
        return True


def _details(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    """What the caller told beside the message (`extra`): codes, ids, causes."""
    for name, value in record.__dict__.items():
        if name not in _STANDARD and isinstance(value, str | int | float | bool | None):
            yield name, redact(value) if isinstance(value, str) else value


class PlainFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} [{request_id}] {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        message, *more = redact(super().format(record)).split("\n")
        first = _on_one_line(message)
        if told := ", ".join(f"{name} {value}" for name, value in _details(record)):
            first = f"{first} ({_on_one_line(told)})"
        return "\n".join((first, *(f"  {_on_one_line(line)}" for line in more)))


def _on_one_line(text: str) -> str:
    """Control characters written out: whoever chooses an address does not choose how our log begins a line."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "requestId": getattr(record, "request_id", "-"),
            "message": redact(record.getMessage()),
        }
        line |= dict(_details(record))
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    formatter = JSONFormatter if settings.LOG_FORMAT == "json" else PlainFormatter
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request_id": {"()": RequestIdFilter}},
            "formatters": {"line": {"()": formatter}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
            },
            "root": {"handlers": ["stderr"], "level": settings.LOG_LEVEL},
            "loggers": {
                # Its lines carry the raw address that was asked for, query and all.
                "django.request": {"level": "ERROR"},
                # Its debug lines carry whole contexts: a person's claims, a key that is shown once.
                "django.template": {"level": "INFO"},
                "django.security": {"level": "WARNING"},
                "axes": {"level": "ERROR"},
                "urllib3": {"level": "ERROR"},
                "mozilla_django_oidc": {"level": "WARNING"},
            },
        }
    )
