"""Telling a step and checking its outcome; a browser to walk with. Knows no chapter."""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from demo import walk
from demo.run import LOG
from demo.surroundings import Surroundings

_TIMEOUT = 30


class Unexpected(Exception):
    """A step ended otherwise than it should; the message says how."""


class Story:
    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.steps = 0

    def chapter(self, title: str) -> None:
        print(f"\n{title}")

    def step(self, told: str, outcome: str) -> None:
        self.steps += 1
        print(f"{self.steps:4}  {told}\n      -> {outcome}", flush=True)

    def remark(self, told: str) -> None:
        print(f"      {told}", flush=True)

    def call(
        self,
        method: str,
        path: str,
        *,
        expect: int,
        code: str | None = None,
        body: Mapping[str, Any] | None = None,
        bearer: str | None = None,
        browser: requests.Session | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One API call. Raises Unexpected unless status (and error code, where one is given) are as expected."""
        sent = dict(headers or {}) | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        while True:
            answer = (browser or requests).request(
                method, self.around.app_url + path, json=body, headers=sent, timeout=_TIMEOUT, allow_redirects=False
            )
            if answer.status_code != requests.codes.too_many or expect == requests.codes.too_many:
                break
            pause = int(answer.headers.get("Retry-After", "5"))
            self.remark(f"(The rate limit says: not before {pause} s. Waiting.)")
            time.sleep(pause + 1)
        told: dict[str, Any] = answer.json() if answer.content and "json" in answer.headers["Content-Type"] else {}
        if answer.status_code != expect or (code is not None and told.get("code") != code):
            wanted = f"{expect} {code or ''}".strip()
            raise Unexpected(
                f"{method} {path} answered {answer.status_code} {told or answer.text[:300]}, not {wanted}."
            )
        return told

    def sign_in(self, choice: Mapping[str, str], *, browser: requests.Session, redirect: str = "/") -> dict[str, str]:
        """The whole trip through the demo provider. Returns what the callback put into the address of /login."""
        return self.come_back(self.go_to_provider(choice, browser=browser, redirect=redirect), browser=browser)

    def go_to_provider(self, choice: Mapping[str, str], *, browser: requests.Session, redirect: str = "/") -> str:
        """From initiate over the provider's pages. Returns the callback address, not opened yet."""
        initiate = f"{self.around.app_url}/api/auth/oidc/initiate"
        asked = {"redirect": redirect, "provider": self.provider_slug()}
        answer = browser.get(initiate, params=asked, timeout=_TIMEOUT, allow_redirects=False)
        if not answer.is_redirect:
            raise Unexpected(f"initiate answered {answer.status_code}: {answer.text[:300]}")
        return walk.sign_in(answer.headers["Location"], dict(choice), browser=browser)

    def come_back(self, callback: str, *, browser: requests.Session) -> dict[str, str]:
        answer = browser.get(callback, timeout=_TIMEOUT, allow_redirects=False)
        if not answer.is_redirect:
            raise Unexpected(f"The callback answered {answer.status_code}: {answer.text[:300]}")
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def provider_slug(self) -> str:
        known = self.call("GET", "/api/auth/oidc/config", expect=200)["providers"]
        for each in known:
            if each["issuerUrl"] == self.around.issuer:
                return str(each["slug"])
        raise Unexpected(f"The service does not know the demo provider ({self.around.issuer}).")

    def mailed_token(self, email: str, *, seconds: float = 10) -> str | None:
        """The token in the last mail to this address, from the log of `make run`; None when there is no such log."""
        deadline = time.monotonic() + seconds
        while LOG.exists():
            mails = LOG.read_text(encoding="utf-8", errors="replace").split("MIME-Version")
            for mail in reversed(mails):
                if f"To: {email}\n" in mail and (found := re.search(r"token=([A-Za-z0-9_-]+)", mail)):
                    return found.group(1)
            if time.monotonic() > deadline:
                return None
            time.sleep(0.2)
        return None


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unexpected(otherwise)


def fresh_email(role: str) -> str:
    return f"{role}-{secrets.token_hex(4)}@example.org"


def fresh_password() -> str:
    return secrets.token_urlsafe(18)
