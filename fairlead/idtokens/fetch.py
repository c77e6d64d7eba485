"""The only way out: every call to a URL that a tenant, a provider or a token named goes through a `Fetcher`.

    fetcher.get_json(url) / fetcher.post_form(url, data) / fetcher.get_picture(url, ...) -> Fetched

Guarantees: https to public addresses only, but for the exact origins that the operator listed; no redirects, cookies,
.netrc or environment proxies; one deadline over everything; bounded bytes; media types checked; bodies never logged.
Raises FetchRefused (can never work) and FetchFailed (may be passing), and nothing else. Django-free.
"""

import base64
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

import requests
import urllib3
from requests import PreparedRequest

from fairlead.idtokens import destinations, network_faults, waiting
from fairlead.idtokens.connections import Call, current
from fairlead.idtokens.destinations import Destination
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.fetched import Fetched, read, require_json, require_status
from fairlead.idtokens.http_adapters import Trust, adapter

DEADLINE = 5.0  # seconds, over name resolution, handshake, headers and body
MAX_JSON = 512 * 1024  # bytes, decompressed
MAX_PICTURE = 5 * 1024 * 1024
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_HEADER_ALLOWANCE = 256 * 1024

# Called with the URL before each call. The test suite hangs a guard here: no call inside a database transaction.
before_request: Callable[[str], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Fetcher:
    """Outbound calls under one configuration. Cheap to make; equal ones share their kept connections.

    `private_origins` are allowed although private or plain http; `setting` names the setting that lists them, for
    refusals. `proxy` is an http URL used for everything that is not a private origin.
    """

    private_origins: frozenset[str] = frozenset()
    setting: str = "the private origins"
    proxy: str | None = None
    ca_bundle: str | None = None

    def check_url(self, url: str) -> None:
        """Judge a URL by its text alone: no name is looked up, nothing is contacted. Raises FetchRefused."""
        destinations.check(url, private_origins=self.private_origins, setting=self.setting)

    def get_json(self, url: str, *, headers: Mapping[str, str] | None = None, deadline: float = DEADLINE) -> Fetched:
        """GET a JSON document. Any status but 200 raises. `deadline` in seconds."""
        wanted = {"Accept": "application/json", **(headers or {})}
        request = requests.Request("GET", url, headers=wanted)
        fetched = self._send(request, private_origins=self.private_origins, purpose="json", deadline=deadline)
        require_status(fetched, statuses={200})
        require_json(fetched)
        return fetched

    def post_form(
        self,
        url: str,
        data: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        deadline: float = DEADLINE,
    ) -> Fetched:
        """POST a form. A 4xx is returned for the caller to decide; `auth` is sent as RFC 6749 2.3.1 says."""
        wanted = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        if auth is not None:
            pair = f"{quote_plus(auth[0])}:{quote_plus(auth[1])}".encode()
            wanted["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        request = requests.Request("POST", url, headers=wanted, data=urlencode(dict(data), errors="replace"))
        fetched = self._send(request, private_origins=self.private_origins, purpose="json", deadline=deadline)
        require_status(fetched, statuses={200, *range(400, 500)})
        return fetched

    def get_picture(
        self,
        url: str,
        *,
        private_origin: str | None = None,
        if_none_match: str | None = None,
        deadline: float = DEADLINE,
    ) -> Fetched:
        """GET a picture: status 200, or 304 where `if_none_match` was given. Never carries credentials.

        `private_origin` is the one private origin that this picture may come from (its provider's own); it counts only
        if the operator listed it too.
        """
        wanted = {"Accept": ", ".join(sorted(PICTURE_TYPES))}
        if if_none_match:
            wanted["If-None-Match"] = if_none_match
        allowed = self.private_origins & {private_origin or ""}
        request = requests.Request("GET", url, headers=wanted)
        fetched = self._send(request, private_origins=allowed, purpose="picture", deadline=deadline, limit=MAX_PICTURE)
        require_status(fetched, statuses={200, 304} if if_none_match else {200})
        if fetched.status == 200 and fetched.media_type not in PICTURE_TYPES:
            raise FetchRefused("The answer is not a JPEG, PNG, WebP or GIF picture.", status=fetched.status)
        return fetched

    def _send(
        self,
        request: requests.Request,
        *,
        private_origins: frozenset[str],
        purpose: str,
        deadline: float,
        limit: int = MAX_JSON,
    ) -> Fetched:
        destination = destinations.check(str(request.url), private_origins=private_origins, setting=self.setting)
        if before_request is not None:
            before_request(destination.url)
        trust = Trust(private_origins=private_origins, purpose=purpose, proxy=self.proxy, ca_bundle=self.ca_bundle)
        call = Call(
            private_origins=private_origins,
            setting=self.setting,
            deadline=time.monotonic() + deadline,
            bytes_left=2 * limit + _HEADER_ALLOWANCE,
        )
        proxies = {"https": self.proxy} if self.proxy and not destination.private else {}
        token = current.set(call)
        # Whoever holds a place was given it for all calls of one request.
        place: AbstractContextManager[None] = nullcontext()
        if not waiting.outside.held:
            place = waiting.outside.place(f"origin:{destination.origin}")
        try:
            with place:
                return _exchanged(_prepare(request, destination), trust, proxies, call, limit=limit)
        except waiting.Busy as busy:
            raise FetchFailed(busy.detail) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise network_faults.failure(error, destination) from None
        finally:
            current.reset(token)


def _exchanged(prepared: PreparedRequest, trust: Trust, proxies: dict[str, str], call: Call, *, limit: int) -> Fetched:
    answer = _exchange(prepared, trust, proxies, call)
    try:
        return read(answer, limit=limit)
    finally:
        answer.close()


def _exchange(prepared: PreparedRequest, trust: Trust, proxies: dict[str, str], call: Call) -> requests.Response:
    kept = adapter(trust)
    try:
        return kept.send(prepared, stream=True, timeout=call.time_left(), proxies=proxies)
    except requests.ConnectionError:
        # The other side closed a kept connection in the moment in which we wrote to it. Only a read is asked twice:
        # a code must never be sent to a token endpoint two times.
        if call.opened or prepared.method != "GET":
            raise
        return kept.send(prepared, stream=True, timeout=call.time_left(), proxies=proxies)


def _prepare(request: requests.Request, destination: Destination) -> PreparedRequest:
    request.headers = {"User-Agent": "fairlead", "Accept-Encoding": "gzip, deflate", **request.headers}
    try:
        for name, value in request.headers.items():
            f"{name}{value}".encode("latin-1")
        prepared = request.prepare()
    except (UnicodeError, requests.RequestException):
        raise FetchRefused("The call cannot be written down as HTTP.") from None
    again = destinations.check(str(prepared.url), private_origins={destination.origin}, setting="")
    if again.origin != destination.origin:
        raise FetchRefused("The URL cannot be read in one way only.")
    return prepared
