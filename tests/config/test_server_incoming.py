"""What the server makes of the bytes of a connection, however they are cut."""

import io

import pytest
from gunicorn.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from config.server.chunked import BadChunk, Chunked
from config.server.head import Refused
from config.server.incoming import Incoming
from config.server.limits import Limits

LIMITS = Limits(body=100, upload=200, head=1000, framing=200, upload_paths=frozenset({"/upload"}))
CHUNKED = b"5\r\nhello\r\n6;name=value\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"


def incoming():
    cfg = Config()
    cfg.set("limit_request_line", 500)
    return Incoming(cfg=cfg, address=("192.0.2.1", 1), limits=LIMITS)


def request(line="POST /x HTTP/1.1", *headers, body=b""):
    return "\r\n".join([line, "Host: testserver", *headers, "", ""]).encode() + body


def read(data, cuts=()):
    """Every request that came out of the data, and the connection's bytes that are left."""
    reader, found = incoming(), []
    for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        reader.buffer += data[begin:end]
        while one := reader.next():
            found.append(one)
    return found, bytes(reader.buffer)


def bodies(data, cuts=()):
    return [each.body.read() for each in read(data, cuts)[0]]


def header(one, name):
    return [value for key, value in one.headers if key == name]


@settings(deadline=None)
@given(st.lists(st.integers(0, 150), max_size=12))
def test_requests_are_the_same_however_they_are_cut(cuts):
    data = (
        request("GET /first HTTP/1.1")
        + request("POST /second HTTP/1.1", "Content-Length: 5", body=b"12345")
        + request("POST /third HTTP/1.1", "Transfer-Encoding: chunked", body=CHUNKED)
    )
    found, left = read(data, sorted(cuts))
    assert [(each.path, each.body.read()) for each in found] == [
        ("/first", b""), ("/second", b"12345"), ("/third", b"hello world"),
    ]  # fmt: skip
    assert left == b""


def test_decoded_body_comes_with_its_length():
    (one,), _ = read(request("POST /x HTTP/1.1", "Transfer-Encoding: chunked", body=CHUNKED))
    assert header(one, "CONTENT-LENGTH") == ["11"]
    assert header(one, "TRANSFER-ENCODING") == []


def test_nothing_comes_out_before_the_body_is_whole():
    assert bodies(request("POST /x HTTP/1.1", "Content-Length: 6", body=b"12345")) == []
    assert bodies(request("POST /x HTTP/1.1", "Transfer-Encoding: chunked", body=CHUNKED[:-1])) == []


@pytest.mark.parametrize(
    ("path", "sent", "whole"), [("/x", 100, True), ("/x", 101, False), ("/upload", 200, True), ("/upload", 201, False)]
)
@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_a_body_is_handed_on_unread_and_never_passes_for_a_whole_one(path, sent, whole, chunked):
    content = b"x" * sent
    if chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (sent, content)
        data = request(f"POST {path} HTTP/1.1", "Transfer-Encoding: chunked", body=body)
    else:
        data = request(f"POST {path} HTTP/1.1", f"Content-Length: {sent}", body=content)
    ((one,), left) = read(data)
    assert left == b""
    assert one.should_close() is not whole
    if whole:
        assert one.body.read() == content
    else:
        assert int(header(one, "CONTENT-LENGTH")[0]) > (200 if path == "/upload" else 100)
        with pytest.raises(OSError, match="not read"):
            one.body.read()


def test_body_that_is_announced_as_too_large_is_not_waited_for():
    (one,), _ = read(request("POST /x HTTP/1.1", "Content-Length: 1000000000000"))
    with pytest.raises(OSError, match="not read"):
        io.TextIOWrapper(one.body).read()


MALFORMED = {
    "no version": (b"GET /\r\n\r\n", 400),
    "space in the path": (b"GET /a b HTTP/1.1\r\n\r\n", 400),
    "a bare line feed": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "a bare line feed late": (b"GET / HTTP/1.1\r\nHost: x\nX: y", 400),
    "two lengths": (request("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"), 400),
    "equal lengths": (request("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 1"), 400),
    "negative length": (request("POST / HTTP/1.1", "Content-Length: -1"), 400),
    "length with a sign": (request("POST / HTTP/1.1", "Content-Length: +1"), 400),
    "length of other digits": (request("POST / HTTP/1.1", "Content-Length: \u00b2"), 400),
    "length and chunks": (request("POST / HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked"), 400),
    "chunks twice": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked, chunked"), 400),
    "chunks before gzip": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked, gzip"), 400),
    "chunks in HTTP/1.0": (request("POST / HTTP/1.0", "Transfer-Encoding: chunked"), 400),
    "a coding nobody knows": (request("POST / HTTP/1.1", "Transfer-Encoding: rot13"), 501),
    "chunks after gzip": (request("POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked", body=CHUNKED), 501),
    "chunks after identity": (request("POST / HTTP/1.1", "Transfer-Encoding: identity, chunked", body=CHUNKED), 501),
    "chunks with a parameter": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked;q=0.5", body=CHUNKED), 501),
    "two codings": (
        request("POST / HTTP/1.1", "Transfer-Encoding: identity", "Transfer-Encoding: chunked", body=CHUNKED), 501,
    ),
    "a coding and no chunks": (request("POST / HTTP/1.1", "Transfer-Encoding: gzip"), 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "no host beside others": (b"GET / HTTP/1.1\r\nX: y\r\n\r\n", 400),
    "the same host twice": (request("GET / HTTP/1.1", "Host: testserver"), 400),
    "two hosts in HTTP/1.0": (request("GET / HTTP/1.0", "Host: testserver"), 400),
    "HTTP/1.2": (request("GET / HTTP/1.2"), 505),
    "HTTP/0.9": (request("GET / HTTP/0.9"), 505),
    "HTTP/2": (request("GET / HTTP/2.0"), 505),
    "a version of two digits": (request("GET / HTTP/1.10"), 400),
    "another protocol": (request("GET / HTCPCP/1.0"), 400),
    "space before the colon": (request("GET / HTTP/1.1", "X : y"), 400),
    "a folded line": (request("GET / HTTP/1.1", "X: y", " z"), 400),
    "two hosts": (request("GET / HTTP/1.1", "Host: other"), 400),
    "NUL in a header": (request("GET / HTTP/1.1", "X: a\0b"), 400),
    "another expectation": (request("POST / HTTP/1.1", "Expect: 200-ok"), 417),
    "a long line": (request(f"GET /{'x' * 600} HTTP/1.1"), 414),
    "a long head": (request("GET / HTTP/1.1", *[f"X-{number}: y" for number in range(150)]), 431),
    "a head that does not end": (b"GET / HTTP/1.1\r\nX: " + b"y" * 1000, 431),
    "size that is none": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\n"), 400),
    "size with a sign": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n"), 400),
    "size with an underscore": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"1_0\r\n"), 400),
    "an endless size": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"0" * 5000), 400),
    "chunk longer than it says": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"2\r\nabc\r\n"), 400),
    "a bare line feed in chunks": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"2\nab\n0\n\n"), 400),
    "a trailer that is none": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"0\r\nab\r\n\r\n"), 400),
    "chunks of one byte": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"1\r\nx\r\n" * 60), 400),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status"), MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_malformed_request_is_refused(data, status, step):
    with pytest.raises(Refused) as refused:
        read(data, range(step, len(data), step))
    assert refused.value.status == status


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(data):
    try:
        read(data)
    except Refused:
        return


@settings(deadline=None)
@given(st.binary(max_size=100), st.integers(0, 100))
def test_any_bytes_are_chunks_or_refused(data, cut):
    whole, parts = Chunked(most=50, framing=80), Chunked(most=50, framing=80)
    outcomes = []
    for decoder, pieces in ((whole, [data]), (parts, [data[:cut], data[cut:]])):
        buffer = bytearray()
        try:
            for piece in pieces:
                buffer += piece
                decoder.take(buffer)
            outcomes.append((bytes(decoder.body), decoder.whole, decoder.too_large, bytes(buffer)))
        except BadChunk:
            outcomes.append("refused")
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "data",
    [
        b"GET /x HTTP/1.0\r\n\r\n",
        request("GET /x HTTP/1.0"),
        request("GET /x HTTP/1.1"),
        request("POST /x HTTP/1.1", "transfer-encoding:\tCHUNKED ", body=CHUNKED),
    ],
)
def test_what_can_be_read_in_one_way_alone_is_taken(data):
    (one,), left = read(data)
    assert (one.path, left) == ("/x", b"")


def test_continue_is_said_once_and_only_to_whoever_waits():
    reader = incoming()
    reader.buffer += request("POST /x HTTP/1.1", "Content-Length: 5", "Expect: 100-continue")
    assert reader.next() is None
    assert reader.continue_expected()
    assert not reader.continue_expected()
    reader.buffer += b"12345"
    one = reader.next()
    assert one.body.read() == b"12345"
    assert not one._expected_100_continue
    eager = incoming()
    eager.buffer += request("POST /x HTTP/1.1", "Content-Length: 5", "Expect: 100-continue", body=b"12")
    assert eager.next() is None
    assert not eager.continue_expected()


def test_names_with_underscores_are_not_taken_for_others():
    (one,), _ = read(request("GET /x HTTP/1.1", "X_Forwarded_For: 203.0.113.9", "X-Client_Id: y"))
    assert [name for name, _ in one.headers] == ["HOST"]
