"""What came back from an outbound call, and the rules by which it is read. The body is as untrusted as its sender."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from requests import Response

from fairlead.idtokens import strict_json
from fairlead.idtokens.errors import FetchFailed, FetchRefused, NetworkFault

_PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer. Header names are lower case. The body is as untrusted as its sender."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The body as strict JSON. Raises FetchRefused for anything else."""
        return self._read(strict_json.loads)

    def json_to_show(self) -> Any:
        """The same, with U+FFFD for each character that is no text: for documents with names of people."""
        return self._read(strict_json.loads_to_show)

    def _read(self, loads: Callable[[bytes], Any]) -> Any:
        require_json(self)
        try:
            return loads(self.body)
        except strict_json.NotStrictJson as error:
            raise FetchRefused(f"The answer {error}.", status=self.status) from None


def read(answer: Response, *, limit: int) -> Fetched:
    """The answer with its body, which is at most `limit` bytes when unpacked."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity", "gzip", "deflate"}:
        raise FetchRefused("The answer is compressed in a way that was not asked for.", status=answer.status_code)
    body = bytearray()
    # Only these bodies are of use; the others are dropped with their connection, unread.
    if answer.status_code == 200 or 400 <= answer.status_code < 500:
        for chunk in answer.raw.stream(16 * 1024, decode_content=True):
            body += chunk
            if len(body) > limit:
                raise FetchRefused(f"The answer is larger than {limit} bytes.", status=answer.status_code)
    return Fetched(status=answer.status_code, headers=headers, body=bytes(body))


def require_status(fetched: Fetched, *, statuses: Collection[int]) -> None:
    """Raise FetchFailed or FetchRefused unless the status is one of these."""
    status = fetched.status
    if status in statuses:
        return
    if 300 <= status < 400:
        refused = FetchRefused(f"The answer is a redirect ({status}); redirects are not followed.", status=status)
        raise refused.because(NetworkFault.REDIRECT, status=status)
    if status >= 500 or status in _PASSING:
        failed = FetchFailed(f"The other side answered {status}.", status=status)
        raise failed.because(NetworkFault.SERVER_ERROR, status=status)
    raise FetchRefused(f"The other side answered {status}.", status=status)


def require_json(fetched: Fetched) -> None:
    """Raise FetchRefused unless the answer calls itself JSON."""
    kind = fetched.media_type
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise FetchRefused("The answer's Content-Type is not application/json.", status=fetched.status)
