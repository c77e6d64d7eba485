"""Serves the example: `FAIRLEAD_URL=http://localhost:8000 SPA_PORT=8001 python -m demo.spa`.

Four files and one strict policy. Every path without a file is the app's own (`/`, `/login`), so it gets index.html.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

STATIC = Path(__file__).resolve().parent / "static"
TYPES = {"/app.js": "text/javascript", "/tokens.js": "text/javascript", "/style.css": "text/css"}


class Handler(BaseHTTPRequestHandler):
    fairlead = ""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/config.json":
            self._answer("application/json", json.dumps({"fairlead": self.fairlead}).encode())
        elif path in TYPES:
            self._answer(TYPES[path], (STATIC / path[1:]).read_bytes())
        elif path in {"/", "/login"}:
            self._answer("text/html", (STATIC / "index.html").read_bytes())
        else:
            self.send_error(404)

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            # Scripts of this origin alone, and calls to it and to Fairlead alone: what a script that got in could not
            # load it cannot run, and what it stole it cannot send.
            "Content-Security-Policy": f"default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            f"connect-src 'self' {self.fairlead}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Addresses of /login carry codes: they are not written anywhere."""


def main() -> None:
    Handler.fairlead = os.environ["FAIRLEAD_URL"]
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["SPA_PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
