"""A person who signs in over HTTP: from our initiate over the provider's pages back to our callback and exchange."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests import openapi
from tests.providers.started import Provider
from tests.servers import Server

_TIMEOUT = 60


def configuration(provider: Provider, *, client_id: str = "", secret: bool = True) -> dict[str, str]:
    """The variables of a provider's guide, and the permission to reach a provider on this machine."""
    return {
        "OIDC_ENABLED": "true",
        "OIDC_PROVIDER_NAME": '"Real Provider"',
        "OIDC_ISSUER_URL": provider.issuer,
        "OIDC_CLIENT_ID": client_id or provider.confidential_id,
        "OIDC_CLIENT_SECRET": provider.client_secret if secret else "",
        "DISABLE_INTERNAL_AUTH": "false",
        "OIDC_PRIVATE_ORIGINS": provider.origin,
    }


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@dataclass
class Traveller:
    """One browser. `account` is who the person is at the provider."""

    server: Server
    provider: Provider
    account: str
    browser: requests.Session = field(default_factory=requests.Session)

    def begin(self, **asked: str) -> str:
        """Ask for the trip to begin; returns the address at the provider that we are sent to."""
        answer = self.get("/api/auth/oidc/initiate", **asked)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def at_the_provider(self, **asked: str) -> str:
        """Begin, and sign in at the provider; returns the callback address, which is not opened."""
        return self.provider.sign_in(self.begin(**asked), self.account)

    def come_back(self, callback: str) -> dict[str, str]:
        """Open the callback; returns what stands in the address of /login: code and redirect, or error."""
        answer = self.browser.get(callback, allow_redirects=False, timeout=_TIMEOUT)
        assert answer.status_code == 302, f"{answer.status_code} {answer.text[:300]}\n{self.server.log[-3000:]}"
        assert answer.headers["Location"].startswith(f"{self.server.url}/login?"), answer.headers["Location"]
        return query_of(answer.headers["Location"])

    def travel(self, **asked: str) -> dict[str, str]:
        return self.come_back(self.at_the_provider(**asked))

    def exchange(self, code: str, **more: str) -> requests.Response:
        return self.post("/api/auth/oidc/exchange", code=code, **more)

    def arrive(self, **asked: str) -> dict[str, Any]:
        """The whole trip; returns the tokens and the user."""
        ended = self.travel(**asked)
        assert "code" in ended, ended
        answer = self.exchange(ended["code"])
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str, **query: str) -> requests.Response:
        answer = self.browser.get(self.server.url + path, params=query, allow_redirects=False, timeout=_TIMEOUT)
        return compared("GET", path, answer)

    def post(self, path: str, **body: str) -> requests.Response:
        answer = self.browser.post(self.server.url + path, json=body, allow_redirects=False, timeout=_TIMEOUT)
        return compared("POST", path, answer)


def compared(method: str, path: str, answer: requests.Response) -> requests.Response:
    """The answer, if it is one that the OpenAPI document declares."""
    if path.startswith("/api/"):
        openapi.check(method, path, answer)
    return answer


def together(many: list[Any], act: Any) -> list[Any]:
    """Do the same with each, all at once; results in order."""
    with ThreadPoolExecutor(max_workers=len(many)) as pool:
        return list(pool.map(act, many))
