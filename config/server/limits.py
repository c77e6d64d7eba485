"""What one connection, one request and all of them together may hold of a worker: bytes and seconds.

The application has bounds of its own and answers with its own words. These stand before it: they decide how much is
read before a thread is taken, and how long a connection may take.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    head: int = 64 * 1024
    """Bytes of the request line and all headers. A token of 16 KiB and a handful of cookies fit four times."""
    body: int = 64 * 1024
    """Bytes of a body. A longer one reaches the application unread, which then refuses it (413)."""
    upload: int = 5 * 1024 * 1024 + 128 * 1024
    """Bytes of a body sent to one of `upload_paths`: a picture and the form around it."""
    upload_paths: frozenset[str] = frozenset({"/api/auth/profile/image", "/account/picture"})
    framing: int = 64 * 1024
    """Bytes of a chunked body that are not content: a million chunks of one byte cost more to decode than to send."""
    held: int = 64 * 1024 * 1024
    """Bytes of requests that a worker holds, of all connections together, whole or not."""

    head_seconds: float = 10
    """From a request's first byte (or the connection's begin) to the end of its headers."""
    body_seconds: float = 10
    body_rate: int = 16 * 1024
    """A body has `body_seconds`, and one more for each so many bytes that it may have."""
    stalled_seconds: float = 10
    """How long a reader may take no byte of its answer."""
    linger_seconds: float = 3
    """How long a closed connection may still send, so that its last answer is not lost to a reset."""
    leaving_seconds: float = 2
    """How long a kept connection stays open in a worker that ends: a request may be on its way."""

    queue: int = 256
    """Whole requests that may wait for a thread."""
    queue_seconds: float = 30
    """How long one of them may wait before it is answered 503."""
    lane: int = 128
    """Whole requests that found no place with the application, used nothing up, and wait to be tried again."""
    lane_seconds: float = 20
    """From the request's arrival on, how long it is tried again; then it is answered. Proxies wait 30 and more."""
    lane_at_once: int = 8
    """How many of them are tried again each time, four times a second: a try that fails costs milliseconds."""
    readiness_seconds: float = 3
    """How long /readyz looks before its answer is 503."""

    def body_of(self, path: str) -> int:
        return self.upload if path in self.upload_paths else self.body

    def seconds_for(self, size: int) -> float:
        """How long a body of so many bytes may take."""
        return self.body_seconds + size / self.body_rate
