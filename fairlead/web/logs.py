"""Log lines: one JSON object or one plain line each, every one with the request's id. Never a secret, never a body.

For a host's LOGGING too: without one of these formatters nobody sees what a line tells beside its message.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from django.core.exceptions import SuspiciousOperation

from fairlead.web.middleware import current_request_id
from fairlead.web.redaction import redact

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request_id", "taskName"}


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = current_request_id.get()
        return True


class CallersFaultFilter(logging.Filter):
    """A Host that is not ours, a form with too many fields: told, but neither as a fault of ours nor with a traceback.

    Whoever sends them would choose how often somebody is woken, and fill the log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], SuspiciousOperation):
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
            record.exc_info = None
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
