"""Decodes a chunked body as it arrives (RFC 9112 7.1). Strict: two readers of one body must not see two requests.

Extensions and trailers are read and dropped. What is not content is counted against a bound of its own.
"""

import re

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*")
_LONGEST_LINE = 4096


class BadChunk(Exception):
    """The body is not chunked as RFC 9112 says. Where the next request would begin is unknown."""


class Chunked:
    """`body` grows with each `take`; `whole` once the last chunk and the trailers are there.

    `too_large` as soon as a chunk would bring the body above `most` bytes: nothing more is decoded then.
    """

    def __init__(self, *, most: int, framing: int) -> None:
        self.body = bytearray()
        self.whole = False
        self.too_large = False
        self._most = most
        self._framing = framing
        self._left = 0
        self._read = self._size

    def take(self, buffer: bytearray) -> None:
        """Decode what the buffer holds and remove it from there. Raises BadChunk."""
        while not (self.whole or self.too_large) and self._read(buffer):
            continue

    def _size(self, buffer: bytearray) -> bool:
        line = self._line(buffer)
        if line is None:
            return False
        found = _SIZE.fullmatch(line)
        if found is None:
            raise BadChunk("A chunk's size is not one.")
        self._left = int(found.group(1), 16)
        self.too_large = len(self.body) + self._left > self._most
        self._read = self._content if self._left else self._trailers
        return True

    def _content(self, buffer: bytearray) -> bool:
        piece = buffer[: self._left]
        del buffer[: len(piece)]
        self.body += piece
        self._left -= len(piece)
        if self._left:
            return False
        self._read = self._end
        return True

    def _end(self, buffer: bytearray) -> bool:
        if len(buffer) < 2:
            return False
        if buffer[:2] != b"\r\n":
            raise BadChunk("A chunk is longer than it says.")
        del buffer[:2]
        self._spend(2)
        self._read = self._size
        return True

    def _trailers(self, buffer: bytearray) -> bool:
        line = self._line(buffer)
        if line is None:
            return False
        if line and not _TRAILER.fullmatch(line):
            raise BadChunk("A trailer is not a header field.")
        self.whole = not line
        return True

    def _line(self, buffer: bytearray) -> bytes | None:
        end = buffer.find(b"\r\n", 0, _LONGEST_LINE)
        if end < 0:
            if len(buffer) >= _LONGEST_LINE or b"\n" in buffer:
                raise BadChunk("A line of the chunked body does not end.")
            return None
        line = bytes(buffer[:end])
        del buffer[: end + 2]
        self._spend(end + 2)
        return line

    def _spend(self, size: int) -> None:
        self._framing -= size
        if self._framing < 0:
            raise BadChunk("The body is cut into too many chunks.")
