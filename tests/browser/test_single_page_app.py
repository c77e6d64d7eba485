"""The example single-page app, on an origin of its own: signs in, refreshes in two tabs at once, signs out."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fixtures import Visitor
from tests.flows.traveller import configuration
from tests.ports import free_port, wait_until_answers
from tests.processes import Child
from tests.providers.toolkit import Toolkit
from tests.servers import Server

pytestmark = pytest.mark.browser
WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })"


@dataclass
class App:
    url: str
    server: Server
    visitor: Visitor

    def open(self, page: Page) -> None:
        page.goto(self.url)

    def sign_in(self, page: Page) -> None:
        self.open(page)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Demo Person").click()
        expect(page.get_by_text("You are signed in.")).to_be_visible()
        expect(page.get_by_text("person@example.org")).to_be_visible()

    def another_tab(self, page: Page) -> Page:
        tab = page.context.new_page()
        self.visitor.watch.attach(tab)
        self.open(tab)
        expect(tab.get_by_text("You are signed in.")).to_be_visible()
        return tab


@pytest.fixture(scope="module")
def example(toolkit: Toolkit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    """An instance of the service whose sign-ins end at the example, and the example."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = Server(tmp_path_factory.mktemp("spa"), configuration(toolkit) | {"FRONTEND_URL": url})
    toolkit.start()
    toolkit.serve(server.url)
    server.prepare()
    server.start()
    environment = {"PATH": os.environ["PATH"], "FAIRLEAD_URL": server.url, "SPA_PORT": str(port)}
    child = Child([sys.executable, "-m", "demo.spa"], environment=environment, log=server.log_file.with_name("spa.log"))
    wait_until_answers(f"{url}/config.json", alive=child.alive)
    yield url, server
    child.stop()
    server.close()


@pytest.fixture
def app(example: tuple[str, Server], toolkit: Toolkit, visitor: Visitor) -> App:
    url, server = example
    visitor.allow(url, server.url, toolkit.origin)
    return App(url, server, visitor)


def test_a_person_signs_in_and_out(app: App) -> None:
    page = app.visitor.person()
    app.open(page)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    app.visitor.photograph(page, "spa-signed-out")
    app.sign_in(page)
    expect(page).to_have_url(f"{app.url}/")
    app.visitor.photograph(page, "spa-signed-in")
    page.reload()
    expect(page.get_by_text("You are signed in.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


@pytest.mark.parametrize("locks", [True, False], ids=["with locks", "by the grace rule"])
def test_two_tabs_refresh_at_once_and_both_stay_signed_in(app: App, locks: bool) -> None:
    page = app.visitor.person()
    if not locks:
        page.context.add_init_script(WITHOUT_LOCKS)
    app.sign_in(page)
    assert page.evaluate("navigator.locks !== undefined") is locks
    tab = app.another_tab(page)
    for times in range(1, 4):
        for each in (page, tab):
            each.evaluate("document.getElementById('refresh').click()")
        for each in (page, tab):
            expect(each.locator("#count")).to_have_text(str(times))
    for each in (page, tab):
        each.reload()
        expect(each.get_by_text("You are signed in.")).to_be_visible()


def test_signing_out_in_one_tab_signs_the_other_out(app: App) -> None:
    page = app.visitor.person("phone")
    app.sign_in(page)
    tab = app.another_tab(page)
    page.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()
    open_sessions = "from accounts.models import Session; print(Session.objects.filter(ended_at=None).count())"
    before = int(app.server.python(open_sessions))
    app.sign_in(page)
    assert int(app.server.python(open_sessions)) == before + 1


def test_the_code_is_worth_nothing_without_the_verifier(app: App) -> None:
    page = app.visitor.person()
    app.open(page)
    page.add_init_script("if (location.pathname === '/login') sessionStorage.clear()")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Demo Person").click()
    expect(page.get_by_text("works once, for a short time")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    app.visitor.watch.noticed.clear()  # the browser reports the 400 that this test is about
    assert page.evaluate("localStorage.length") == 0
