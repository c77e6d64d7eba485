"""What a browser noticed while a test drove it. Anything noticed fails the test at its end."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

_ABOUT_STATUS = "Failed to load resource"


@dataclass
class Watch:
    """Collects console errors, CSP violations, script errors, 5xx answers and requests to hosts that nobody allowed."""

    allowed: set[str]
    noticed: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.noticed.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A violation of the CSP arrives as an error too. A page that is answered with 4xx on purpose (a form refused)
        # is reported by Chromium as a resource; the same for anything a page loads is a fault.
        on_purpose = message.text.startswith(_ABOUT_STATUS) and message.page is not None
        if on_purpose and message.location.get("url") == getattr(message.page, "url", None):
            return
        if message.type in {"error", "warning"}:
            self.noticed.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" not in self.allowed:
            self.noticed.append(f"request to a foreign host: {parts.scheme}://{parts.netloc}{parts.path}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.noticed.append(f"{response.status} at {urlsplit(response.url).path}")
