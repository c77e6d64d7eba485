"""The identity provider of a run, in a process of its own: `python -m bench.served.provider PORT KEY_FILE`.

It answers at once and says yes: a code is the nonce that its ID token carries. `/hanging/...` is the same provider with
a token endpoint that never answers.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bench.served.calls import EMAIL, SUBJECT
from tests.issuer import Signer

CLIENT_ID, CLIENT_SECRET = "client-1", "a secret of the bench"
HANGING = "/hanging"
_HANGS = 30.0  # seconds
PATIENCE = 60.0  # seconds that a browser waits for us
CLAIMS: dict[str, Any] = {"sub": SUBJECT, "email": EMAIL, "email_verified": True, "name": "Demo Person"}


def signer(key_file: Path) -> Signer:
    return Signer("RS256", key=load_pem_private_key(key_file.read_bytes(), None))


def id_token(signed_by: Signer, issuer: str, *, lifetime: int = 6 * 3600, **more: Any) -> str:
    now = int(time.time())
    return signed_by.token({"iss": issuer, "aud": CLIENT_ID, "iat": now, "exp": now + lifetime, **CLAIMS, **more})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Answers of several hundred bytes in one packet.
    wbufsize = 65536
    origin = ""
    signed_by: Signer

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix(HANGING)
        if path == "/.well-known/openid-configuration":
            return self._answer(self._metadata())
        if path == "/keys":
            return self._answer({"keys": [self.signed_by.jwk()]})
        if path == "/userinfo":
            return self._answer(CLAIMS)
        return self._answer({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if self.path.startswith(HANGING):
            time.sleep(_HANGS)
        nonce = form.get("code", [""])[0]
        token = id_token(self.signed_by, self._issuer(), lifetime=300, nonce=nonce)
        self._answer({"access_token": "at-0", "token_type": "Bearer", "id_token": token})

    def _issuer(self) -> str:
        return self.origin + (HANGING if self.path.startswith(HANGING) else "")

    def _metadata(self) -> dict[str, Any]:
        issuer = self._issuer()
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def _answer(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        pass


def main(port: str, key_file: str) -> None:
    Handler.origin, Handler.signed_by = f"http://127.0.0.1:{port}", signer(Path(key_file))
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
