"""The watch over the browser sees what it is there to see. A harness that notices nothing proves nothing."""

import pytest
from pytest_httpserver import HTTPServer

from tests.browser.fixtures import Visitor, look_over

pytestmark = pytest.mark.browser

_PAGE = '<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><main><h1>One</h1>{}</main>'


def open_page(visitor: Visitor, httpserver: HTTPServer, content: str, **headers: str) -> list[str]:
    visitor.allow(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/page").respond_with_data(
        _PAGE.format(content),
        content_type="text/html",
        headers={"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"},
    )
    page = visitor.person()
    page.goto(httpserver.url_for("/page"))
    page.wait_for_load_state("networkidle")
    noticed, visitor.watch.noticed = visitor.watch.noticed, []
    return noticed


def test_a_quiet_page_is_left_alone(visitor: Visitor, httpserver: HTTPServer) -> None:
    assert open_page(visitor, httpserver, "<p>nothing</p>") == []


def test_an_inline_script_is_noticed(visitor: Visitor, httpserver: HTTPServer) -> None:
    (noticed,) = open_page(visitor, httpserver, "<script>1</script>")
    assert "Content Security Policy" in noticed


def test_a_foreign_host_is_noticed(visitor: Visitor, httpserver: HTTPServer) -> None:
    noticed = open_page(visitor, httpserver, '<a href="http://127.0.0.1:9/elsewhere">there</a>')
    assert noticed == []
    page = visitor.contexts[0].pages[0]
    with pytest.raises(Exception, match="ERR_"):
        page.goto("http://127.0.0.1:9/elsewhere")
    assert any("foreign host: http://127.0.0.1:9/elsewhere" in each for each in visitor.watch.noticed)
    visitor.watch.noticed.clear()


def test_a_missing_resource_is_noticed_but_a_refused_form_is_not(visitor: Visitor, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/refused").respond_with_data(_PAGE.format(""), status=401, content_type="text/html")
    noticed = open_page(visitor, httpserver, '<img src="/missing.png" alt="">')
    assert any("404" in each or "500" in each for each in noticed)
    httpserver.clear_assertions()
    page = visitor.contexts[0].pages[0]
    page.goto(httpserver.url_for("/refused"))
    assert visitor.watch.noticed == []


def test_a_page_that_a_screen_reader_cannot_use_is_noticed(visitor: Visitor, httpserver: HTTPServer) -> None:
    open_page(visitor, httpserver, '<h1>Two</h1><input name="nameless"><img src="data:,x">')
    visitor.watch.noticed.clear()
    with pytest.raises(AssertionError) as raised:
        look_over(visitor.contexts[0].pages[0], wide=True)
    for fault in ("not exactly one h1", "without a label: nameless", "image without alt"):
        assert fault in str(raised.value)
