"""What config/server relies on in gunicorn, beyond its documented worker class. A new version must pass this first."""

import inspect
from importlib.metadata import version

from gunicorn.config import Config
from gunicorn.http import errors, wsgi
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.base import Worker

from tests.processes import ROOT


def parsed(*lines: str) -> Request:
    return Request(Config(), IterUnreader(["\r\n".join([*lines, "", ""]).encode()]), ("192.0.2.1", 1))


def test_the_version_is_the_one_that_was_read():
    assert version("gunicorn") == "27.0.1"
    assert "gunicorn==27.0.1 \\" in (ROOT / "requirements.txt").read_text().splitlines()


def test_a_head_is_parsed_from_memory_and_says_how_long_its_body_is():
    counted = parsed("POST /x?y=1 HTTP/1.1", "Host: x", "Content-Length: 7")
    assert (counted.method, counted.path, counted.query) == ("POST", "/x", "y=1")
    assert isinstance(counted.body.reader, LengthReader)
    assert counted.body.reader.length == 7
    bodiless = parsed("GET / HTTP/1.1", "Host: x").body.reader
    assert isinstance(bodiless, LengthReader)
    assert bodiless.length == 0
    assert isinstance(parsed("POST / HTTP/1.1", "Transfer-Encoding: chunked").body.reader, ChunkedReader)
    assert parsed("POST / HTTP/1.1", "Expect: 100-continue")._expected_100_continue is True
    assert ("CONTENT-LENGTH", "7") in counted.headers


def test_closing_is_the_requests_and_the_answers_to_say():
    one = parsed("GET / HTTP/1.1", "Host: x")
    assert not one.should_close()
    one.force_close()
    assert one.should_close()
    assert {"force_close", "should_close", "start_response", "write", "write_file", "close"} <= set(dir(wsgi.Response))


def test_the_environment_is_made_from_the_request_and_the_connection():
    assert list(inspect.signature(wsgi.create).parameters)[:5] == ["req", "sock", "client", "server", "cfg"]
    one = parsed("GET / HTTP/1.1", "Host: x")
    one.body = object()
    _, environ = wsgi.create(one, None, ("192.0.2.1", 1), ("127.0.0.1", 8000), Config())
    assert environ["wsgi.input"] is one.body
    assert environ["wsgi.file_wrapper"] is wsgi.FileWrapper
    assert environ["REMOTE_ADDR"] == "192.0.2.1"


def test_what_the_parser_refuses_derives_from_one_class():
    for name in ("InvalidHeader", "InvalidRequestLine", "LimitRequestLine", "LimitRequestHeaders", "ExpectationFailed"):
        assert issubclass(getattr(errors, name), errors.ParseException)
    assert issubclass(errors.NoMoreData, OSError)


def test_the_worker_class_is_called_as_documented():
    source = inspect.getsource(Worker.init_process)
    assert (
        source.index("self.load_wsgi()") < source.index("self.cfg.post_worker_init(self)") < source.index("self.run()")
    )
    assert {"alive", "notify", "handle_exit", "load_wsgi", "run"} <= set(dir(Worker)) | {"alive"}
