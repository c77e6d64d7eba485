"""A small WSGI application, served by the server's own settings: what the server does by itself is then seen alone.

`/hold` answers when the file named by TOY_GATE is there, `/readyz` too; until then `/place` has no place left in the
name that X-Name gives. `/echo` says what it was sent and logs its path, `/memory` and `/file` send as many bytes as the
query says.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

# The server's own refusals are problem documents, whose addresses the site's routes tell.
django.setup()
_GATE = Path(os.environ["TOY_GATE"])
_BIG = Path(os.environ["TOY_FILE"])
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    path, size = environ["PATH_INFO"], int(environ["QUERY_STRING"] or 0)
    if path in {"/hold", "/readyz"}:
        while not _GATE.exists():
            time.sleep(0.01)
    if path == "/place" and not _GATE.exists():
        environ["fairlead.no_place"] = environ["HTTP_X_NAME"]
        environ["fairlead.no_place_whose"] = environ.get("HTTP_X_WHOSE", "192.0.2.1")
        sys.stderr.write(f"no place for {environ['HTTP_X_NAME']}\n")
        start("503 Service Unavailable", [("Content-Length", "4"), ("Retry-After", "2")])
        return [b"busy"]
    if path == "/fail":
        raise RuntimeError("outside of any error handling")
    if path == "/file":
        _BIG.write_bytes(b"x" * size) if not _BIG.exists() else None
        start("200 OK", [("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"](_BIG.open("rb"))  # type: ignore[no-any-return]
    body = b"x" * size if path == "/memory" else _told(environ)
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _told(environ: dict[str, Any]) -> bytes:
    try:
        body = environ["wsgi.input"].read()
        sent: dict[str, Any] = {"length": len(body), "digest": hashlib.sha256(body).hexdigest()}
    except OSError as error:
        sent = {"failed": str(error)}
    sys.stderr.write(f"echoes {environ['PATH_INFO']}\n")
    headers = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
    return json.dumps(
        {
            "path": environ["PATH_INFO"],
            "headers": headers,
            "pid": os.getpid(),
            **sent,
            "again": environ.get("fairlead.tried_before"),
        }
    ).encode()
