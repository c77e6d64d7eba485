"""Somebody at the host's front door, over HTTP: a browser with cookies and forms, or a program with a credential."""

import html
import re
from typing import Any
from urllib.parse import urljoin

import requests

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ASSETS = re.compile(r'(?:href|src)="([^"]+\.(?:css|js|svg|png|webp))"')


class Visitor:
    """`call` sends what it is told and returns the answer, redirects unfollowed. A 500 is never an answer."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.session = requests.Session()

    def call(self, method: str, path: str, body: Any = None, *, bearer: str = "", **more: Any) -> requests.Response:
        """`body` is sent as JSON, bytes as they are with JSON's media type; `headers`, `data`, `auth` as in requests."""
        headers = {**({"Authorization": f"Bearer {bearer}"} if bearer else {}), **more.pop("headers", {})}
        if isinstance(body, bytes):
            more["data"] = body
            headers.setdefault("Content-Type", "application/json")
        elif body is not None:
            more["json"] = body
        answer = self.session.request(
            method, urljoin(self.origin, path), headers=headers, allow_redirects=False, timeout=60, **more
        )
        assert answer.status_code != 500, f"{method} {path}: {answer.text[:2000]}"
        return answer

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.call("GET", path, **more)

    def page(self, path: str, *, status: int = 200) -> str:
        """The text of a page, after every style sheet, script and picture that it names was found."""
        answer = self.get(path, headers={"Accept": "text/html"})
        for _ in range(5):
            if not answer.is_redirect:
                break
            answer = self.get(urljoin(answer.url, answer.headers["Location"]), headers={"Accept": "text/html"})
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:2000]}"
        for asset in set(_ASSETS.findall(answer.text)):
            assert self.get(urljoin(answer.url, html.unescape(asset))).status_code == 200, f"{path} names {asset}"
        return answer.text

    def submit(self, path: str, form: dict[str, Any] | None = None, *, at: str = "", **more: Any) -> requests.Response:
        """Send a form as the page at `path` has it, with all that it hides there; to `at`, where it goes elsewhere."""
        hidden = dict(_HIDDEN.findall(self.page(path)))
        assert "csrfmiddlewaretoken" in hidden, f"{path} has no form"
        # A browser names the page that it comes from.
        headers = {"Referer": urljoin(self.origin, path)}
        return self.call("POST", at or path, data={**hidden, **(form or {})}, headers=headers, **more)

    def follow(self, answer: requests.Response) -> requests.Response:
        """Follow redirects inside the host to the first answer that is none, or leads outside."""
        for _ in range(10):
            target = urljoin(answer.url, answer.headers.get("Location", ""))
            if not answer.is_redirect or not target.startswith(f"{self.origin}/"):
                return answer
            answer = self.get(target)
        raise AssertionError(f"{answer.url} redirects without end")
