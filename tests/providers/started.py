"""What both real providers have in common once a test has started them."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from tests.ports import free_port, wait_until_answers
from tests.processes import Child


class Provider(ABC):
    """A running identity provider: its issuer, its clients, and the knobs that tests turn.

    `confidential_id`, `public_id`, `mobile_id`, `another_id` and `organization_id` are registered clients; the first
    has `client_secret`. `stop()` and `start()` make and end an outage: port, keys and people stay.
    """

    confidential_id: str
    public_id: str
    mobile_id = "fairlead-mobile"
    mobile_redirect = "http://127.0.0.1/mobile"
    another_id = "another-app"
    another_redirect = "http://127.0.0.1/another"
    organization_id: str
    organization_redirect: str
    client_secret: str
    discovery_path = "/.well-known/openid-configuration"

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._child: Child | None = None
        self._app_urls: list[str] = []

    @property
    @abstractmethod
    def issuer(self) -> str: ...

    @abstractmethod
    def _command(self) -> tuple[list[str], dict[str, str]]:
        """Command line and environment of the server."""

    @abstractmethod
    def sign_in(self, authorize_url: str, account: str) -> str:
        """Walk the provider's pages as this account; returns the callback address, which is not opened."""

    @abstractmethod
    def refuse(self, authorize_url: str) -> str:
        """Be refused, or cancel; returns the callback address with the provider's error, which is not opened."""

    @abstractmethod
    def person(self, account: str, **claims: Any) -> str:
        """Make or change an account. Claims: email, email_verified, name, picture (a bool). Returns the subject."""

    def start(self) -> None:
        if self._child is not None:
            return
        command, environment = self._command()
        self._child = Child(command, environment=environment, log=self.state / "server.log")
        try:
            wait_until_answers(self.issuer + self.discovery_path, alive=self._child.alive)
        except RuntimeError as error:
            self.stop()
            raise RuntimeError(f"{error}\n{(self.state / 'server.log').read_text()[-2000:]}") from None
        for url in self._app_urls:
            self.control("app-url", url=url)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None

    def serve(self, app_url: str) -> None:
        """Accept this service's callback address for every client of it."""
        self._app_urls.append(app_url)
        self.control("app-url", url=app_url)

    def control(self, action: str, **asked: Any) -> None:
        requests.post(f"{self.origin}/control/{action}", json=asked, timeout=20).raise_for_status()

    def rotate_keys(self, *, remove_old: bool = False) -> None:
        self.control("rotate", removeOld=remove_old)

    def counts(self) -> dict[str, int]:
        """How often discovery, keys, token, userinfo, introspection, authorization, picture were asked for."""
        answer = requests.get(f"{self.origin}/control/counts", timeout=20)
        answer.raise_for_status()
        return {name: int(count) for name, count in answer.json().items()}

    def forget_counts(self) -> None:
        self.control("reset")


def follow(browser: requests.Session, url: str) -> str:
    """Follow redirects inside the provider up to the first address outside it, which is returned unopened."""
    inside = urlsplit(url).netloc
    for _ in range(10):
        answer = browser.get(url, allow_redirects=False, timeout=20)
        if not answer.is_redirect:
            raise RuntimeError(f"{urlsplit(url).path} answered {answer.status_code}: {answer.text[:300]}")
        url = urljoin(url, answer.headers["Location"])
        if urlsplit(url).netloc != inside:
            return url
    raise RuntimeError("The provider redirects without end.")
