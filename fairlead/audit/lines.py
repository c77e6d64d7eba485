"""The record as JSON lines too, for whoever collects logs: on standard output, or in a file (RECORD_LINES).

One object a line, written as a whole, so that lines of several processes do not mix. The file is opened for each line:
whoever moves it away gets the next line in a new one.
"""

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from fairlead.conf import conf

STANDARD_OUTPUT = "stdout"
log = logging.getLogger(__name__)


def write(kind: str, **members: Any) -> None:
    """`kind` is `event` or `refusal`. A line that cannot be written is told in the log; nothing else ends by it."""
    if not (place := conf().record_lines):
        return
    line = json.dumps({"record": kind, **{name: _plain(value) for name, value in members.items()}}, ensure_ascii=False)
    try:
        if place == STANDARD_OUTPUT:
            _whole(1, line)
            return
        descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            _whole(descriptor, line)
        finally:
            os.close(descriptor)
    except OSError as fault:
        log.warning("a line of the record could not be written: see RECORD_LINES", extra={"fault": fault.strerror})


def _whole(descriptor: int, line: str) -> None:
    os.write(descriptor, f"{line}\n".encode("utf-8", "backslashreplace"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value if value is None or isinstance(value, bool | int | str | dict | list) else str(value)
