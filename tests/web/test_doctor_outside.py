"""Our own address called from outside, through proxies that do this and that; and the front ends."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from fairlead.web.health import asking, echo
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Verdict
from tests import health
from tests.health import World
from tests.idtokens.endpoints import certificate
from tests.ports import free_port

ECHO = "/.well-known/fairlead"


@pytest.fixture
def proxy(world: World) -> Iterator[HTTPServer]:
    """What people reach, on plain http: whether https arrives is what the tests say."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        world.configure(ORIGIN=f"http://127.0.0.1:{server.port}", TRUSTED_PROXIES=0)
        yield server


def passes_on(**changed: Any) -> Callable[[Request], Response]:
    """Our own answer, to a call as it comes out of a proxy that changes these parts of the request."""

    def handler(request: Request) -> Response:
        headers = {
            "HTTP_HOST": request.host,
            "HTTP_X_FAIRLEAD_ASKED": request.headers["X-Fairlead-Asked"],
            "HTTP_X_FORWARDED_FOR": request.headers["X-Forwarded-For"],
            **changed,
        }
        answer = echo.answer(RequestFactory().get(ECHO, REMOTE_ADDR="10.0.0.9", **headers))
        return Response(answer.content, content_type="application/json")

    return handler


def answers(status: int, **headers: str) -> Callable[[Request], Response]:
    return lambda request: Response("<html>", status=status, headers=headers)


def to_itself(request: Request) -> Response:
    return Response(status=301, headers={"Location": request.url})


def another(request: Request) -> Response:
    return Response(json.dumps({"proof": "0" * 64}), content_type="application/json")


OK, WARNING, PROBLEM = Verdict.OK, Verdict.WARNING, Verdict.PROBLEM
CASES = {
    "well": (passes_on(), 0, OK, ("as many append",)),
    "well, the proxy replaces": (passes_on(HTTP_X_FORWARDED_FOR="198.51.100.1"), 1, OK, ("TRUSTED_PROXIES=1",)),
    "well, the proxy appends": (passes_on(HTTP_X_FORWARDED_FOR=f"{echo.CLAIMED}, 198.51.100.1"), 1, OK, ()),
    "one proxy too many": (passes_on(), 1, PROBLEM, ("Callers choose", "Set TRUSTED_PROXIES=0")),
    "two too many": (passes_on(HTTP_X_FORWARDED_FOR="198.51.100.1"), 2, PROBLEM, ("Set TRUSTED_PROXIES=1",)),
    "one too few": (
        passes_on(HTTP_X_FORWARDED_FOR=f"{echo.CLAIMED}, 198.51.100.1, 10.0.0.2"),
        1,
        WARNING,
        ("inner proxy", "Set TRUSTED_PROXIES=2"),
    ),
    "another host": (passes_on(HTTP_HOST="backend:8000"), 0, WARNING, ("backend:8000", "Host header")),
    "another installation": (another, 0, PROBLEM, ("Another installation", "APP_URL=http", "SECRET_KEY")),
    "no Fairlead": (answers(404), 0, PROBLEM, ("answers 404", "APP_URL=http")),
    "a page": (answers(200), 0, PROBLEM, ("Another installation",)),
    "a loop": (to_itself, 0, PROBLEM, ("redirects to itself", "X-Forwarded-Proto", "TRUSTED_PROXIES=0")),
    "a redirect": (answers(302, Location="https://www.example.org/"), 0, PROBLEM, ("elsewhere", "APP_URL=http")),
    "the host refused": (answers(400), 0, PROBLEM, ("Host header", "ALLOWED_HOSTS")),
    "nobody behind the proxy": (answers(502), 0, PROBLEM, ("does not reach our server",)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_between_people_and_us(world: World, proxy: HTTPServer, case: str) -> None:
    handler, proxies, verdict, says = CASES[case]
    world.configure(TRUSTED_PROXIES=proxies)
    proxy.expect_request(ECHO).respond_with_handler(handler)
    found = health.look("address", Asked())
    assert max(found, key=lambda each: each.verdict.rank).verdict is verdict, found
    told = " ".join(map(health.told, found if verdict is OK else health.faults(found)))
    for text in says:
        assert text in told


def test_a_proxy_that_ends_tls_and_does_not_say_so(world: World, proxy: HTTPServer, monkeypatch: Any) -> None:
    world.configure(ORIGIN=f"https://127.0.0.1:{proxy.port}", TRUSTED_PROXIES=1)
    proxy.expect_request(ECHO).respond_with_handler(passes_on(HTTP_X_FORWARDED_FOR="198.51.100.1"))
    called = asking.get
    monkeypatch.setattr(asking, "get", lambda url, **more: called(url.replace("https:", "http:"), **more))
    (found,) = health.faults(health.look("address", Asked()))
    assert found.verdict is PROBLEM
    assert "X-Forwarded-Proto" in found.remedy
    assert "TRUSTED_PROXIES=1" in found.remedy


def test_tls_that_is_not_accepted_says_so(world: World) -> None:
    ours, _ = certificate(world.folder)
    with HTTPServer(host="127.0.0.1", port=0, ssl_context=ours) as server:
        world.configure(ORIGIN=f"https://127.0.0.1:{server.port}")
        (found,) = health.look("address", Asked())
    assert found.verdict is PROBLEM
    assert "certificate is not accepted" in found.text
    assert "APP_URL=https" in found.remedy


@pytest.mark.parametrize(
    ("origin", "says"),
    [("http://127.0.0.1:{port}", "nobody listens"), ("https://login.invalid", "no such name")],
)
def test_an_address_that_nobody_answers(world: World, origin: str, says: str) -> None:
    world.configure(ORIGIN=origin.format(port=free_port()))
    (found,) = health.look("address", Asked())
    assert found.verdict is PROBLEM
    assert says in found.text
    assert "APP_URL=" in found.remedy


def test_the_echo_is_for_nobody_else() -> None:
    browser = Client()
    assert browser.get(ECHO).status_code == 404
    asked = echo.question()
    headers = {"X-Fairlead-Asked": asked["X-Fairlead-Asked"]}
    assert browser.get(ECHO, headers=headers).status_code == 200
    nonce, at, proof = headers["X-Fairlead-Asked"].split(".")
    for forged in (f"{nonce}.{int(at) + 1}.{proof}", f"{nonce}.{at}.{'0' * 64}", f"{nonce}.x.{proof}", "..", "é.1.2"):
        assert browser.get(ECHO, headers={"X-Fairlead-Asked": forged}).status_code == 404


def test_a_question_is_good_for_a_minute(monkeypatch: Any) -> None:
    headers = {"X-Fairlead-Asked": echo.question()["X-Fairlead-Asked"]}
    monkeypatch.setattr(echo, "_GOOD_FOR", -1)
    assert Client().get(ECHO, headers=headers).status_code == 404


@pytest.fixture
def front_end(world: World) -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0) as server:
        origin = f"http://127.0.0.1:{server.port}"
        world.configure(FRONTEND_URLS=(origin,), ORIGIN="http://login.example.org")
        world.settings.CORS_ALLOWED_ORIGINS = [origin]
        server.expect_request("/login").respond_with_data("page")
        yield server


def test_a_front_end_that_is_well(world: World, front_end: HTTPServer) -> None:
    assert [each.verdict for each in health.look("front_ends", Asked())] == [OK]


def test_a_front_end_without_the_page_where_sign_ins_end(world: World, front_end: HTTPServer) -> None:
    front_end.clear()
    front_end.expect_request("/login").respond_with_data("", status=404)
    (found,) = health.faults(health.look("front_ends", Asked()))
    assert (found.verdict, "/login answers 404" in found.text, "FRONTEND_URLS=" in found.remedy) == (
        WARNING,
        True,
        True,
    )


def test_a_front_end_whose_scripts_may_not_read(world: World, front_end: HTTPServer) -> None:
    world.settings.CORS_ALLOWED_ORIGINS = []
    (found,) = health.faults(health.look("front_ends"))
    assert (found.verdict, "CORS_ALLOWED_ORIGINS (default)" in found.remedy) == (PROBLEM, True)


def test_a_front_end_on_plain_http(world: World, front_end: HTTPServer) -> None:
    world.configure(ORIGIN="https://login.example.org")
    (found,) = health.faults(health.look("front_ends"))
    assert (found.verdict, "plain http" in found.text, "FRONTEND_URLS=" in found.remedy) == (WARNING, True, True)


def test_a_front_end_that_is_not_reached_from_here_is_no_fault(world: World, front_end: HTTPServer) -> None:
    front_end.stop()
    assert [each.verdict for each in health.look("front_ends", Asked())] == [Verdict.NOTE]
