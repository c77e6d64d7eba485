"""A person with a browser at a host: in through the provider, from the button on the sign-in page."""

import html
import re
from urllib.parse import urljoin

import requests

from tests.hosts.host import Host
from tests.hosts.visitor import Visitor
from tests.providers.started import Provider

_BUTTON = re.compile(r'href="([^"]*/oidc/initiate[^"]*)"')


class Person(Visitor):
    def __init__(self, host: Host, provider: Provider, *, prefix: str = "") -> None:
        super().__init__(host.url)
        self.provider, self.prefix = provider, prefix

    def sign_in(self, account: str) -> requests.Response:
        """The last answer, after every redirect; `account` is a person at the provider."""
        (button,) = _BUTTON.findall(self.page(f"{self.prefix}/login"))
        return self.return_from(self.get(html.unescape(button)), account)

    def return_from(self, sent: requests.Response, account: str) -> requests.Response:
        """From the redirect to the provider, through its pages, back to the host."""
        assert sent.status_code == 302, sent.text
        assert sent.headers["Location"].startswith(self.provider.origin), sent.headers["Location"]
        return self.follow(self.get(self.provider.sign_in(sent.headers["Location"], account)))

    def return_from_page(self, sent: requests.Response, account: str) -> requests.Response:
        """The same where a page leads on: a form must not redirect to another site."""
        assert sent.status_code == 200, sent.text
        (address,) = set(re.findall(r'href="([^"]+/authorize[^"]*)"', sent.text))
        return self.follow(self.get(self.provider.sign_in(html.unescape(address), account)))

    def ends_at(self, answer: requests.Response, path: str) -> str:
        """Assert that this answer is the page at the path; its text."""
        assert re.split(r"[?#]", answer.url)[0] == urljoin(self.origin, path), answer.url
        assert answer.status_code == 200, answer.text
        return answer.text
