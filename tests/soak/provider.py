"""A provider whose endpoints hang, fail, lie, and sign with new keys without notice. It knows everybody at once.

A code is what the person is: subject, address, nonce. So it keeps nothing, and a restarted service finds it unchanged.
"""

import base64
import contextlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.issuer import KeyServer, Signer, b64

CLIENT_ID, CLIENT_SECRET = "client-1", "a secret of the soak"
_numbers = count(1)


class Provider(KeyServer):
    """Use `hung`, `failing`, `lying` and `rotate`; `lied_about` are the codes that were answered with a lie."""

    def __init__(self) -> None:
        self.lies = False
        self.lied_about: set[str] = set()
        super().__init__(Signer("ES256", kid="first"))

    def metadata(self, **members: Any) -> dict[str, Any]:
        return super().metadata(id_token_signing_alg_values_supported=["ES256"], **members)

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        self.hold()
        yield
        self.released.set()

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        self.status = 500
        yield
        self.status = 200

    @contextlib.contextmanager
    def lying(self) -> Iterator[None]:
        self.lies = True
        yield
        self.lies = False

    def rotate(self) -> None:
        """The old key is gone at once, and nobody was told."""
        self.issuer.signers[:] = [Signer("ES256", kid=f"rotated-{next(_numbers)}")]

    def authorize(self, location: str, *, subject: str) -> dict[str, str]:
        """What the browser comes back with from the authorization request at `location`."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        about = {"sub": subject, "nonce": query["nonce"], "once": next(_numbers)}
        return {"state": query["state"], "code": b64(json.dumps(about).encode())}

    def tokens(self, code: str) -> Any:
        about = _read(code)
        claims = self.issuer.claims(aud=CLIENT_ID, nonce=about["nonce"], **_person(about["sub"]))
        good = {"access_token": code, "token_type": "Bearer", "id_token": self.issuer.signer.token(claims)}
        if not self.lies:
            return good
        self.lied_about.add(code)
        lies: list[Any] = [
            [],
            {},
            b"<html>Welcome</html>",
            good | {"id_token": self.issuer.signer.token(claims | {"nonce": "of another"})},
            good | {"id_token": self.issuer.signer.token(claims | {"aud": "another client"})},
            good | {"id_token": Signer("ES256", kid=self.issuer.signer.kid).token(claims)},
        ]
        return lies[next(_numbers) % len(lies)]

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the inner class has the self
        class Handler(super()._handler()):  # type: ignore[misc]
            def do_POST(self) -> None:
                with contextlib.suppress(OSError):
                    form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                    self._reply(outer.tokens(form["code"][0]))

            def answer(self) -> None:
                if self.path == "/userinfo":
                    raw_token = self.headers["Authorization"].removeprefix("Bearer ")
                    return self._reply(_person(_read(raw_token)["sub"]))
                if outer.lies:
                    return self._reply({"keys": "all of them"})
                return super().answer()

            def _reply(self, document: Any) -> None:
                outer.released.wait(30)
                body = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _person(subject: str) -> dict[str, Any]:
    return {"sub": subject, "email": f"{subject}@example.org", "email_verified": True, "name": f"Person {subject}"}


def _read(code: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    return found
