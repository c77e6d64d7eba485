"""What wraps every request."""

import json
import logging

import pytest
from django.test import Client

from fairlead.web.logs import JSONFormatter, PlainFormatter, RequestIdFilter
from fairlead.web.middleware import current_request_id
from fairlead.web.redaction import redact
from tests.configure import configure


def test_every_answer_has_a_request_id_of_ours(client):
    first, second = client.get("/livez"), client.get("/livez", headers={"X-Request-Id": "chosen-by-the-caller"})
    assert len(first["X-Request-Id"]) == 32
    assert second["X-Request-Id"] not in {"chosen-by-the-caller", first["X-Request-Id"]}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0123456789abcdef" * 2, True),
        ("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", True),
        ("0123456789abcdef", False),
        ("call-0900-111222-now-to-unlock", False),
    ],
)
def test_request_id_of_a_proxy_of_ours_is_kept(client, settings, sent, kept):
    configure(settings, TRUSTED_PROXIES=1)
    assert (client.get("/livez", headers={"X-Request-Id": sent})["X-Request-Id"] == sent) is kept


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "flk_0123456789abcdefghijklmnopqrstuvwxyz",
        "/login?code=0123456789",
        "state=abcdef",
        "client_secret=hunter2",
    ],
)
def test_log_lines_hide_what_looks_like_a_credential(secret):
    assert redact(f"before {secret} after") != f"before {secret} after"
    assert secret.rpartition("=")[2] not in redact(f"before {secret} after")


def test_json_line_has_the_request_id_and_no_secret():
    current_request_id.set("0123456789abcdef")
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "code=abcdef123", "cause": "token=abc123"})
    RequestIdFilter().filter(record)
    line = json.loads(JSONFormatter().format(record))
    assert line["requestId"] == "0123456789abcdef"
    assert "abcdef123" not in json.dumps(line)
    assert "abc123" not in json.dumps(line)


@pytest.mark.django_db
def test_ready_when_the_database_is_there(client):
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "migrations": "ok", "cache": "ok"}


@pytest.mark.django_db
def test_metrics_are_off_unless_enabled(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS, settings.METRICS_TOKEN = True, "scrape"
    assert client.get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer scrape"}).status_code == 200


def test_plain_line_cannot_be_forged_by_an_address():
    forged = "/x\n2026-11-20 FAKE\x00y\x1b[31m"
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": f"refused {forged}", "path": forged})
    RequestIdFilter().filter(record)
    lines = PlainFormatter().format(record).split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("2026-11-20 FAKE") for line in lines)
