"""Walking the demo provider's pages over HTTP, as a person with a browser would."""

import re
from urllib.parse import urljoin, urlsplit

import requests

_TIMEOUT = 20
_HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class WalkError(Exception):
    """The provider showed something else than what was expected; the message says what."""


def sign_in(authorize_url: str, choice: dict[str, str], *, browser: requests.Session | None = None) -> str:
    """Follow the provider's pages from its authorization endpoint to the first address that is not its own.

    `choice` is what the person fills in: `{"person": email}`, `{"email":, "password":}` or `{"new": "yes", ...}`.
    Returns that address, which carries `code` or `error`; it is not opened.
    """
    browser = browser or requests.Session()
    provider = _origin(authorize_url)
    url = authorize_url
    answer = browser.get(url, allow_redirects=False, timeout=_TIMEOUT)
    for _ in range(10):
        if answer.is_redirect:
            url = urljoin(url, answer.headers["Location"])
            if _origin(url) != provider:
                return url
            answer = browser.get(url, allow_redirects=False, timeout=_TIMEOUT)
        elif answer.status_code == requests.codes.ok and urlsplit(url).path == "/login":
            answer = _choose(browser, url, answer.text, choice)
        else:
            break
    raise WalkError(f"The provider stopped at {urlsplit(url).path} with status {answer.status_code}.")


def _choose(browser: requests.Session, url: str, page: str, choice: dict[str, str]) -> requests.Response:
    token = _HIDDEN.search(page)
    if token is None:
        raise WalkError("The provider's sign-in page has no form.")
    form = {"csrfmiddlewaretoken": token.group(1), **choice}
    return browser.post(url, data=form, allow_redirects=False, timeout=_TIMEOUT)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
