"""The service and the demo provider, for tests in the browser: what a person does with the mouse, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from demo.people import PROVIDER_PASSWORD
from tests.browser.fixtures import Look, Visitor
from tests.flows.fixtures import Road
from tests.flows.traveller import configuration
from tests.providers.toolkit import Toolkit
from tests.servers import Server

PASSWORD = "a-good-long-password"
BUTTON = "Sign in with Demo provider"
_numbers = count(1)


@dataclass
class Site:
    road: Road
    visitor: Visitor

    @property
    def url(self) -> str:
        return self.road.server.url

    def person(self, look: Look = "light", *, scripts: bool = True) -> Page:
        return self.visitor.person(look, scripts=scripts)

    def open(self, page: Page, path: str) -> None:
        page.goto(self.url + path)

    def new_email(self, role: str = "visitor") -> str:
        return f"{role}-{next(_numbers)}@example.org"

    def to_the_provider(self, page: Page, path: str = "/login") -> None:
        self.open(page, path)
        page.get_by_role("link", name=BUTTON).click()
        expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()

    def as_listed(self, page: Page, name: str) -> None:
        page.get_by_role("button", name=name).click()

    def as_new(self, page: Page, email: str, *, verified: bool = True, name: str = "New Visitor") -> None:
        page.get_by_text("As somebody new").click()
        form = page.locator("form", has=page.get_by_role("button", name="Become this person"))
        form.locator("[name=email]").fill(email)
        form.get_by_label("Name").fill(name)
        form.get_by_label("the provider has verified").set_checked(verified)
        form.get_by_role("button", name="Become this person").click()

    def as_before(self, page: Page, email: str, *, verified: bool = True) -> None:
        """Sign in at the provider as somebody who became a person there earlier, or is one now."""
        self.road.provider.person(email, email=email, email_verified=verified)
        page.get_by_text("With e-mail and password").click()
        form = page.locator("form", has=page.get_by_label("Password"))
        form.locator("[name=email]").fill(email)
        form.get_by_label("Password").fill(PROVIDER_PASSWORD)
        form.get_by_role("button", name="Sign in").click()

    def is_at(self, page: Page, path: str) -> None:
        expect(page).to_have_url(re.compile("^" + re.escape(self.url + path) + r"(\?.*)?$"))

    def local_account(self, email: str, *, verified: bool = True, administrator: bool = False) -> None:
        make = "create_superuser" if administrator else "create_user"
        self.road.server.python(
            f"from accounts.models import User; User.objects.{make}({email!r}, {PASSWORD!r}, name='Local Visitor', "
            f"verified_by={'operator' if verified else ''!r})"
        )

    def sign_in_here(self, page: Page, email: str, password: str = PASSWORD, path: str = "/login") -> None:
        self.open(page, path)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture(scope="module")
def site_road(toolkit: Toolkit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    server = Server(tmp_path_factory.mktemp("site"), configuration(toolkit) | {"OIDC_PROVIDER_NAME": '"Demo provider"'})
    toolkit.start()
    toolkit.serve(server.url)
    server.prepare()
    server.start()
    yield Road(server, toolkit)
    server.close()


@pytest.fixture
def site(site_road: Road, visitor: Visitor) -> Site:
    visitor.allow(site_road.server.url, site_road.provider.origin)
    return Site(site_road, visitor)
