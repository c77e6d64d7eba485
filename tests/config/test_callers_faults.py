"""What a caller did wrong is no fault of ours in the log, and leaves no traceback there."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from config import logs


@pytest.fixture
def lines(settings: Any) -> Iterator[io.StringIO]:
    """What the service's own configuration writes."""
    settings.LOG_FORMAT = "json"
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure()
    stderr, written = root.handlers[-1], io.StringIO()
    assert isinstance(stderr, logging.StreamHandler)
    stderr.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.django_db
@pytest.mark.parametrize("logger", ["DisallowedHost", "TooManyFieldsSent"])
def test_a_suspicious_request_is_a_warning_of_one_short_line(lines: io.StringIO, logger: str) -> None:
    if logger == "DisallowedHost":
        answer = Client().get("/login", headers={"Host": "evil.example"})
    else:
        answer = Client().post("/login", {f"field{number}": "x" for number in range(2000)})
    assert answer.status_code == 400
    told = [each for each in map(json.loads, lines.getvalue().splitlines()) if each["logger"].endswith(logger)]
    assert [(each["level"], "exception" in each) for each in told] == [("warning", False)]
