"""The way out, on real sockets. Deadlines are short here; the margin is wide, so that a slow machine does not matter."""

import gzip
import os
import socket
import threading
import zlib

import pytest

from fairlead.idtokens import fetch, http_adapters
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.fetch import Fetcher
from tests.idtokens.endpoints import answers, certificate, response, seconds_taken, serve


def fetcher_for(endpoint, **options):
    return Fetcher(private_origins=frozenset({endpoint.origin}), setting="OIDC_PRIVATE_ORIGINS", **options)


def fetch_from(behave, **options):
    with serve(behave) as endpoint:
        return fetcher_for(endpoint).get_json(endpoint.origin + "/keys", **options)


def test_a_json_document_is_fetched_and_read():
    fetched = fetch_from(answers(response(b'{"keys": []}', extra="Cache-Control: max-age=60\r\n")))
    assert (fetched.status, fetched.json(), fetched.headers["cache-control"]) == (200, {"keys": []}, "max-age=60")


def test_one_connection_serves_several_calls():
    with serve(answers(response())) as endpoint:
        for _ in range(3):
            fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        assert (endpoint.connections, len(endpoint.requests)) == (1, 3)


@pytest.mark.parametrize(("longest", "connections"), [(60.0, 1), (-1.0, 2)])
def test_a_connection_that_was_idle_for_long_is_opened_anew(monkeypatch, longest, connections):
    """Its server may be closing it just then, and a POST that ends so must not be sent twice."""
    monkeypatch.setattr(http_adapters, "LONGEST_IDLE", longest)
    with serve(answers(response())) as endpoint:
        for _ in range(2):
            fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        assert (endpoint.connections, len(endpoint.requests)) == (connections, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-Drip: 1\r\n" * 500,
        response(b" " * 500),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\n \r\n" * 500,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 500,
    ],
    ids=["status and headers", "body", "chunks", "endless 100"],
)
def test_a_dripping_endpoint_is_left_at_the_deadline(data):
    def behave(endpoint, peer):
        fast = data.index(b"\r\n\r\n") + 4 if b"\r\n\r\n" in data[:200] and not data.startswith(b"HTTP/1.1 100") else 0
        peer.sendall(data[:fast])
        endpoint.drip(peer, data[fast:], pause=0.05)

    def call():
        with pytest.raises(FetchFailed, match="in time"):
            fetch_from(behave, deadline=0.6)

    assert seconds_taken(call) < 4


def test_an_endpoint_that_says_nothing_is_left_at_the_deadline():
    with pytest.raises(FetchFailed, match="in time"):
        fetch_from(lambda endpoint, peer: endpoint.stopped.wait(10) and None, deadline=0.3)


def test_a_hanging_handshake_is_left_at_the_deadline():
    with serve(lambda endpoint, peer: None) as endpoint:
        origin = f"https://localhost:{endpoint.port}"
        with pytest.raises(FetchFailed):
            Fetcher(private_origins=frozenset({origin})).get_json(origin + "/keys", deadline=0.4)


def test_a_hanging_name_server_is_left_at_the_deadline(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: over.wait(10) and [])
    try:
        with pytest.raises(FetchFailed, match="looked up in time"):
            Fetcher().get_json("https://issuer.example/keys", deadline=0.3)
    finally:
        over.set()


@pytest.mark.parametrize(
    "behave",
    [
        answers(response(b" " * (fetch.MAX_JSON + 1))),
        answers(response(gzip.compress(b" " * 50_000_000), extra="Content-Encoding: gzip\r\n")),
        answers(response(zlib.compress(b" " * 50_000_000), extra="Content-Encoding: deflate\r\n")),
        answers(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"10000\r\n" + b" " * 65536 + b"\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 20
        ),
        answers(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + b" " * 9_000_000),
    ],
    ids=["long", "gzip bomb", "deflate bomb", "chunked", "without length"],
)
def test_an_answer_over_the_limit_is_refused(behave):
    with pytest.raises(FetchRefused, match="larg"):
        fetch_from(behave)


def test_endless_headers_are_refused_within_bounds():
    def behave(endpoint, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while not endpoint.stopped.is_set():
            peer.sendall(b"X-Long: " + b"a" * 60_000 + b"\r\n")

    with pytest.raises((FetchRefused, FetchFailed)):
        fetch_from(behave)


def test_a_body_that_unpacks_to_nothing_without_end_is_refused_by_what_it_weighs_on_the_wire():
    def behave(endpoint, peer):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n"
        peer.sendall(head + b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")
        while not endpoint.stopped.is_set():
            # An empty stored block of deflate, over and over.
            peer.sendall(b"\x00\x00\x00\xff\xff" * 10_000)

    with pytest.raises(FetchRefused, match="too large"):
        fetch_from(behave, deadline=30)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "x-unknown"])
def test_a_coding_that_was_not_asked_for_is_refused(coding):
    with pytest.raises(FetchRefused, match="compressed"):
        fetch_from(answers(response(b"{}", extra=f"Content-Encoding: {coding}\r\n")))


def test_a_compressed_answer_is_read():
    packed = gzip.compress(b'{"keys": [1]}')
    assert fetch_from(answers(response(packed, extra="Content-Encoding: gzip\r\n"))).json() == {"keys": [1]}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with serve(answers(response())) as inside:
        moved = response(b"", status=f"{status} Moved", extra=f"Location: {inside.origin}/secret\r\n")
        with serve(answers(moved)) as endpoint:
            both = Fetcher(private_origins=frozenset({endpoint.origin, inside.origin}))
            with pytest.raises(FetchRefused, match="redirect") as refusal:
                both.get_json(endpoint.origin + "/keys")
        assert refusal.value.status == status
        assert inside.connections == 0


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("500 Oops", FetchFailed),
        ("503 Later", FetchFailed),
        ("429 Slow", FetchFailed),
        ("404 None", FetchRefused),
        ("401 No", FetchRefused),
    ],
)
def test_a_bad_status_says_whether_it_may_pass(status, error):
    with pytest.raises(error) as refusal:
        fetch_from(answers(response(b"{}", status=status)))
    assert refusal.value.status == int(status[:3])


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "image/png", "", "application/jsonp", "application/xml"])
def test_another_media_type_is_refused(kind):
    with pytest.raises(FetchRefused, match="Content-Type"):
        fetch_from(answers(response(b"{}", kind=kind)))


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/jwk-set+json"])
def test_json_media_types_are_accepted(kind):
    assert fetch_from(answers(response(b"{}", kind=kind))).json() == {}


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 300_000, b'{"a":1,"a":2}', b"[NaN]", b"\xff"])
def test_a_body_that_is_no_strict_json_is_refused_cleanly(body):
    with pytest.raises(FetchRefused, match="The answer"):
        fetch_from(answers(response(body))).json()


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", b"\x00" * 100,
     b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"],
)  # fmt: skip
def test_an_endpoint_that_breaks_http_is_a_failure_not_a_crash(data):
    def behave(endpoint, peer):
        peer.sendall(data)
        peer.shutdown(socket.SHUT_RDWR)

    with pytest.raises((FetchFailed, FetchRefused)):
        fetch_from(behave).json()


def test_an_endpoint_that_is_not_there_is_a_failure():
    with serve(answers(response())) as endpoint:
        gone = endpoint
    with pytest.raises(FetchFailed):
        fetcher_for(gone).get_json(gone.origin + "/keys")


def test_a_private_address_behind_a_public_name_is_never_contacted(monkeypatch):
    with serve(answers(response())) as endpoint:
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **kw: real("127.0.0.1", endpoint.port, **kw))
        with pytest.raises(FetchRefused, match="POOL_PRIVATE_ORIGINS"):
            Fetcher(setting="POOL_PRIVATE_ORIGINS").get_json("https://issuer.example/keys")
        assert endpoint.connections == 0


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, 443)) for at in ("8.8.8.8", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(FetchRefused, match="not a public address"):
        Fetcher().get_json("https://issuer.example/keys")


def test_the_next_address_is_tried_when_the_first_does_not_answer(monkeypatch):
    with serve(answers(response())) as endpoint:
        with socket.create_server(("127.0.0.2", 0)) as closed:
            dead = closed.getsockname()[1]
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", at)
            for at in (("127.0.0.2", dead), ("127.0.0.1", endpoint.port))
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
        assert fetcher_for(endpoint).get_json(endpoint.origin + "/keys").status == 200


def test_a_connection_opened_for_a_private_origin_never_serves_a_call_that_may_not_go_there():
    with serve(answers(response())) as endpoint:
        fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        with pytest.raises(FetchRefused):
            Fetcher().get_json(endpoint.origin + "/keys")
        with pytest.raises(FetchRefused):
            fetcher_for(endpoint).get_picture(endpoint.origin + "/me.png")
        assert len(endpoint.requests) == 1


def test_a_kept_connection_to_a_private_origin_is_not_there_for_a_call_whose_url_looks_public(tmp_path):
    context, authority = certificate(tmp_path)
    with serve(answers(response()), tls=context) as endpoint:
        trusted = Fetcher(private_origins=frozenset({endpoint.origin}), ca_bundle=authority)
        assert trusted.get_json(endpoint.origin + "/keys").status == 200
        with pytest.raises(FetchRefused, match="not a public address"):
            Fetcher(ca_bundle=authority).get_json(endpoint.origin + "/keys")
        with pytest.raises(FetchRefused, match="not a public address"):
            trusted.get_picture(endpoint.origin + "/me")
        assert (endpoint.connections, len(endpoint.requests)) == (1, 1)


def test_environment_proxies_and_netrc_are_not_picked_up(monkeypatch, tmp_path):
    with serve(answers(response())) as proxy, serve(answers(response())) as endpoint:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        (tmp_path / ".netrc").write_text("machine localhost login someone password secret\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        assert proxy.connections == 0
        assert b"authorization" not in endpoint.requests[0].lower()


def test_cookies_are_neither_kept_nor_sent():
    with serve(answers(response(b"{}", extra="Set-Cookie: a=b; Path=/\r\n"))) as endpoint:
        for _ in range(2):
            fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        assert b"cookie" not in endpoint.requests[1].lower()


def test_tls_is_checked_against_the_name_in_the_url(tmp_path):
    context, authority = certificate(tmp_path)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with serve(answers(response()), tls=context) as endpoint:
        trusting = Fetcher(private_origins=frozenset({endpoint.origin}), ca_bundle=authority)
        assert trusting.get_json(endpoint.origin + "/keys").status == 200
        assert names == ["localhost"]
        with pytest.raises(FetchFailed, match="certificate"):
            Fetcher(private_origins=frozenset({endpoint.origin})).get_json(endpoint.origin + "/keys")


def test_a_certificate_for_another_name_is_not_accepted(tmp_path):
    context, authority = certificate(tmp_path, name="other.example")
    with serve(answers(response()), tls=context) as endpoint, pytest.raises(FetchFailed, match="certificate"):
        Fetcher(private_origins=frozenset({endpoint.origin}), ca_bundle=authority).get_json(endpoint.origin + "/keys")


def test_a_proxy_is_asked_for_the_checked_address_and_only_for_public_ones(monkeypatch):
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *args, **kw: public if host == "issuer.example" else real(host, *args, **kw)
    )
    with serve(answers(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")) as proxy, serve(answers(response())) as endpoint:
        behind = Fetcher(private_origins=frozenset({endpoint.origin}), proxy=proxy.origin)
        with pytest.raises(FetchFailed):
            behind.get_json("https://issuer.example/keys")
        assert proxy.requests[0].startswith(b"CONNECT 8.8.8.8:443 ")
        with pytest.raises(FetchRefused):
            behind.get_json("https://localhost/keys")
        assert behind.get_json(endpoint.origin + "/keys").status == 200
        assert len(proxy.requests) == 1


def test_a_form_is_posted_and_a_4xx_is_handed_back():
    with serve(answers(response(b'{"error": "invalid_grant"}', status="400 Bad"))) as endpoint:
        fetched = fetcher_for(endpoint).post_form(endpoint.origin + "/token", {"code": "a b&c"}, auth=("id:1", "s/ü"))
        assert (fetched.status, fetched.json()) == (400, {"error": "invalid_grant"})
        head, _, body = endpoint.requests[0].partition(b"\r\n\r\n")
        assert body == b"code=a+b%26c"
        assert b"Basic aWQlM0ExOnMlMkYlQzMlQkM=" in head


@pytest.mark.parametrize(("status", "error"), [("502 Bad", FetchFailed), ("302 Found", FetchRefused)])
def test_a_form_that_gets_no_answer_of_use_raises(status, error):
    with serve(answers(response(b"", status=status))) as endpoint, pytest.raises(error):
        fetcher_for(endpoint).post_form(endpoint.origin + "/token", {})


def test_a_header_that_cannot_be_written_is_refused_cleanly():
    with pytest.raises(FetchRefused):
        Fetcher().get_json("https://issuer.example/", headers={"Authorization": "Bearer ☃"})
    with pytest.raises(FetchRefused):
        Fetcher().get_json("https://issuer.example/", headers={"Authorization": "Bearer a\r\nX: y"})


def test_a_picture_comes_only_as_a_picture_and_only_from_the_origin_named():
    with serve(answers(response(b"png", kind="image/png", extra='ETag: "1"\r\n'))) as endpoint:
        fetched = fetcher_for(endpoint).get_picture(endpoint.origin + "/me", private_origin=endpoint.origin)
        assert (fetched.body, fetched.headers["etag"]) == (b"png", '"1"')
        with pytest.raises(FetchRefused):
            fetcher_for(endpoint).get_picture(endpoint.origin + "/me", private_origin="http://localhost:1")
        with pytest.raises(FetchRefused):
            Fetcher().get_picture(endpoint.origin + "/me", private_origin=endpoint.origin)
    for kind in ("image/svg+xml", "text/html", "application/json"):
        with serve(answers(response(b"<svg/>", kind=kind))) as endpoint, pytest.raises(FetchRefused, match="picture"):
            fetcher_for(endpoint).get_picture(endpoint.origin + "/me", private_origin=endpoint.origin)


def test_an_unchanged_picture_is_not_sent_again():
    with serve(answers(b"HTTP/1.1 304 Not Modified\r\n\r\n")) as endpoint:
        fetched = fetcher_for(endpoint).get_picture(
            endpoint.origin, private_origin=endpoint.origin, if_none_match='"1"'
        )
        assert fetched.status == 304
        assert b'If-None-Match: "1"' in endpoint.requests[0]


def test_the_hook_is_called_before_anything_is_contacted(monkeypatch):
    def refuse(url):
        raise RuntimeError(url)

    with serve(answers(response())) as endpoint:
        monkeypatch.setattr(fetch, "before_request", refuse)
        with pytest.raises(RuntimeError):
            fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        assert endpoint.connections == 0


def test_a_forked_process_opens_its_own_connections():
    with serve(answers(response())) as endpoint:
        fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
        child = os.fork()
        if not child:
            try:
                fetcher_for(endpoint).get_json(endpoint.origin + "/keys")
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        assert endpoint.connections == 2


def test_dropped_idle_connections_are_replaced():
    def behave(endpoint, peer):
        peer.sendall(response())
        peer.shutdown(socket.SHUT_RDWR)

    with serve(behave) as endpoint:
        for _ in range(3):
            assert fetcher_for(endpoint).get_json(endpoint.origin + "/keys").status == 200
