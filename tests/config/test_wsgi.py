"""Requests that Django itself cannot read."""

import io
import logging

import pytest

from config.server_log import Redacting
from config.wsgi import application, readable_content_type

ODD = [
    "text/plain; charset=hex",
    "text/plain; charset*=foo'bar'%41",
    "text/plain; x*=foo'bar'%41",
    "text/plain; charset*=utf-8''a%00b",
    "text/plain; charset=utf-7",
    "text/plain; charset=nothing",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content_type", ODD)
@pytest.mark.parametrize("path", ["/livez", "/problems"])
def test_unreadable_content_type_is_no_fault_of_ours(content_type, path):
    answers = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "code=x&state=%ff&missing",
        "CONTENT_TYPE": content_type,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    b"".join(application(environ, lambda status, headers, *rest: answers.append(status)))
    assert answers == ["200 OK"]


@pytest.mark.parametrize("content_type", ["", "application/json", "application/json; charset=UTF-8", "text/plain;x=y"])
def test_readable_content_type_stays_as_it_is(content_type):
    assert readable_content_type(content_type) == content_type


def test_multipart_boundary_survives():
    sent = 'multipart/form-data; boundary="a b;c"'
    assert readable_content_type(sent) == sent


def called(method, path, body=b""):
    """The answer of the WSGI application itself: status, body, and what was left unread of the request's."""
    answers, sent = [], io.BytesIO(body)
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": sent,
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    content = b"".join(application(environ, lambda status, headers, *rest: answers.append(status)))
    return answers[0], content, sent.read()


@pytest.mark.django_db(transaction=True)
def test_answer_to_head_has_no_body():
    assert called("HEAD", "/problems")[:2] == ("200 OK", b"")


def test_line_of_the_server_hides_codes():
    record = logging.makeLogRecord({"msg": "Error handling request %s", "args": ("GET /login?code=flc_secretsecret",)})
    Redacting().filter(record)
    assert "secretsecret" not in record.getMessage()
    assert "Error handling request" in record.getMessage()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/login", "/account", "/admin/", "/register"])
def test_cookie_with_a_control_character_is_dropped(client, settings, path):
    client.cookies.load({})
    response = client.get(path, headers={"Cookie": f'{settings.SESSION_COOKIE_NAME}="aaaaaaaaaa\\000b"'})
    assert response.status_code in {200, 302}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "json"),
        ("*/*", "json"),
        ("text/html", "json"),
        ("application/yaml", "yaml"),
        ("application/vnd.oai.openapi", "json"),
    ],
)
def test_openapi_document_is_given_to_everybody(client, accept, media_type):
    response = client.get("/api/schema", headers={"Accept": accept})
    assert response.status_code == 200
    assert media_type in response["Content-Type"] or (media_type == "yaml" and b"openapi:" in response.content)


@pytest.mark.django_db(transaction=True)
def test_static_files_carry_the_policy_too(client):
    response = client.get("/static/fairlead/fairlead.svg")
    response.close()
    assert "default-src 'none'" in response["Content-Security-Policy"]
