"""panva's oidc-provider (Node.js), started for tests: claims at userinfo alone, opaque access tokens, `iss`, S256."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.providers.started import Provider, follow

FOLDER = Path(__file__).resolve().parent / "panva"


class Panva(Provider):
    confidential_id = "fairlead-post"
    basic_id = "fairlead-basic"
    public_id = "fairlead-public"
    organization_id = "organization-app"
    organization_redirect = "http://127.0.0.1/organization"

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.client_secret = secrets.token_urlsafe(32)
        self._people: dict[str, dict[str, Any]] = {}

    @property
    def issuer(self) -> str:
        return self.origin

    def start(self) -> None:
        super().start()
        for account, claims in self._people.items():
            self.control("people", sub=account, claims=claims)

    def sign_in(self, authorize_url: str, account: str) -> str:
        return follow(requests.Session(), f"{authorize_url}&login_hint={quote(account)}")

    def refuse(self, authorize_url: str) -> str:
        browser = requests.Session()
        page = browser.get(authorize_url, timeout=20)
        answer = browser.post(page.url, data={"cancel": "yes"}, allow_redirects=False, timeout=20)
        return follow(browser, answer.headers["Location"])

    def answer_in(self, seconds: float) -> None:
        """What its token endpoint takes for each answer."""
        self.control("pace", milliseconds=int(seconds * 1000))

    def person(self, account: str, **claims: Any) -> str:
        """The account is the subject. An account never made is <account>@example.org, verified."""
        claims.setdefault("email", f"{account}@example.org")
        claims.setdefault("email_verified", True)
        if claims.pop("picture", False):
            claims["picture"] = f"{self.origin}/picture.png"
        self._people[account] = claims
        self.control("people", sub=account, claims=claims)
        return account

    def _command(self) -> tuple[list[str], dict[str, str]]:
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("These tests need Node.js (20 or later): `node` is not on the PATH.")
        if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
            raise RuntimeError("The other provider is not installed: `make test-providers` does that, with npm ci.")
        own = {
            "PANVA_STATE": str(self.state),
            "PANVA_PORT": str(self.port),
            "PANVA_CLIENT_SECRET": self.client_secret,
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return [node, str(FOLDER / "server.mjs")], kept | own
