"""The bytes of one connection, until they are whole requests.

gunicorn's own parser reads the head, once it is there whole and from memory alone; so nothing that a client sends or
withholds can make it wait. The body is counted or decoded here, and handed on as a stream that is already complete.
"""

import io
import re
from typing import Any

from gunicorn.http.body import ChunkedReader

from config.server import head
from config.server.chunked import BadChunk, Chunked
from config.server.head import Refused
from config.server.limits import Limits

_BARE_LF = re.compile(rb"(?<!\r)\n")


class Unread(io.RawIOBase):
    """What was read of a body that is too large. Reading past it fails: a part never passes for the whole."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self._beginning = io.BytesIO(beginning)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._beginning.readinto(buffer)
        if not size and len(buffer):
            raise OSError("The rest of the body was not read: it is larger than is accepted here.")
        return size


class Incoming:
    def __init__(self, *, cfg: Any, address: Any, limits: Limits) -> None:
        self.buffer = bytearray()
        self._cfg = cfg
        self._address = address
        self._limits = limits
        self._searched = 0
        self._head: Any = None
        self._length = 0
        self._chunks: Chunked | None = None

    @property
    def held(self) -> int:
        """Bytes kept of requests that are not whole yet."""
        return len(self.buffer) + (len(self._chunks.body) if self._chunks else 0)

    @property
    def begun(self) -> bool:
        return self._head is not None or bool(self.buffer)

    @property
    def head(self) -> Any:
        """The request whose body is still being read, or None."""
        return self._head

    @property
    def expected(self) -> int:
        """The most bytes that the body being read may have."""
        return self._limits.body_of(self._head.path) if self._chunks else self._length

    def continue_expected(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body. True once."""
        if self._head is None or not self._head._expected_100_continue or self.held:
            return False
        self._head._expected_100_continue = False
        return True

    def drop(self) -> None:
        """Forget everything that arrived."""
        self.buffer.clear()
        self._head, self._chunks, self._length, self._searched = None, None, 0, 0

    def next(self) -> Any:
        """The next whole request (gunicorn's Request, its body complete), or None until more arrives. Raises Refused.

        A request whose body is too large is handed on at once, with a body that cannot be read to its end, so that
        the application refuses it in its own words; the connection closes behind it.
        """
        if self._head is None:
            self._read_head()
        if self._head is None:
            return None
        return self._read_chunks(self._chunks) if self._chunks else self._read_length()

    def _read_head(self) -> None:
        if self.buffer[:2] == b"\r\n" and not self._searched:
            # One empty line before a request is forgiven (RFC 9112 2.2).
            del self.buffer[:2]
        end = self.buffer.find(b"\r\n\r\n", self._searched)
        size = end + 4 if end >= 0 else len(self.buffer)
        if size > self._limits.head:
            raise Refused(431, "The request line and headers are longer than 64 KiB.")
        if end < 0:
            if _BARE_LF.search(self.buffer, max(0, self._searched - 1)):
                raise Refused(400, "A line of the request's head does not end with CR LF.")
            self._searched = max(0, len(self.buffer) - 3)
            return
        raw = bytes(self.buffer[:size])
        del self.buffer[:size]
        self._searched = 0
        self._head = head.parse(raw, cfg=self._cfg, address=self._address)
        reader = self._head.body.reader
        limits = self._limits
        if isinstance(reader, ChunkedReader):
            self._chunks = Chunked(most=limits.body_of(self._head.path), framing=limits.framing)
        else:
            self._length = reader.length

    def _read_length(self) -> Any:
        if self._length > self._limits.body_of(self._head.path):
            return self._cut(bytes(self.buffer))
        if len(self.buffer) < self._length:
            return None
        body = bytes(self.buffer[: self._length])
        del self.buffer[: self._length]
        return self._whole(body)

    def _read_chunks(self, chunks: Chunked) -> Any:
        try:
            chunks.take(self.buffer)
        except BadChunk as error:
            raise Refused(400, str(error)) from error
        if chunks.too_large:
            # Whoever looks at the length refuses; whoever reads on meets the failure.
            self._with_length(self._limits.body_of(self._head.path) + 1)
            return self._cut(bytes(chunks.body))
        if not chunks.whole:
            return None
        self._with_length(len(chunks.body))
        return self._whole(bytes(chunks.body))

    def _with_length(self, length: int) -> None:
        """The body is decoded: from here on the request says its length instead of its coding (RFC 9112 7.1.3)."""
        kept = [(name, value) for name, value in self._head.headers if name not in {"TRANSFER-ENCODING", "TRAILER"}]
        self._head.headers = [*kept, ("CONTENT-LENGTH", str(length))]

    def _cut(self, beginning: bytes) -> Any:
        self.buffer.clear()
        request = self._whole(beginning)
        request.body = io.BufferedReader(Unread(beginning))
        request.force_close()
        return request

    def _whole(self, body: bytes) -> Any:
        request = self._head
        request.body, request.body_size = io.BytesIO(body), len(body)
        # We have said "100 Continue" where it was asked for; gunicorn would say it again.
        request._expected_100_continue = False
        self._head, self._chunks, self._length = None, None, 0
        return request
