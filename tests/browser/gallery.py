"""The gallery: a server with people in every state, and a camera that looks each page over while it takes the picture.

It says nothing about what pages do; the tests beside it do. A page that nobody has looked at is a page that is broken.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.fixtures import SCREENSHOTS, Look, Visitor, look_over
from tests.browser.site import Site
from tests.flows.fixtures import Road
from tests.flows.traveller import configuration
from tests.providers.toolkit import Toolkit
from tests.servers import Server

LOOKS: tuple[Look, ...] = ("light", "dark", "phone")
_PEOPLE = """
import json
import re
from datetime import timedelta
from django.utils import timezone
from accounts.email import links as mailed_links
from accounts.models import Session, User
from fairlead.orgs import organizations
from fairlead.orgs.models import Membership
from oidc_login.flow import sign_in_links
from oidc_login.models import Identity, Provider
from sdkclients import clients
from tests.browser.site import PASSWORD
from userpools import pools

now, links = timezone.now(), {}
shop = organizations.create("Example Shop")
pool = pools.create(shop, name="Customers")
service, _minted = clients.create_service(shop, name="Importer")
Provider.objects.create(slug="example", name="Another provider", issuer="https://accounts.example.org", client_id="x")
for look in ("light", "dark", "phone"):
    chief = User.objects.create_superuser(f"chief-{look}@example.org", PASSWORD, name="Chief Person")
    Membership.objects.create(organization=shop, user=chief, role="admin")
    rich = User.objects.create_user(f"rich-{look}@example.org", PASSWORD, name="Demo Person", verified_by="link")
    poor = User.objects.create_user(f"poor-{look}@example.org", PASSWORD, name="Demo Person")
    User.objects.create_user(f"waiting-{look}@example.org", PASSWORD, name="Demo Person", status="pending")
    Identity.objects.create(user=rich, issuer="https://accounts.example.org", subject=look, claims={"email": rich.email})
    for days, (device, kind) in enumerate([("Firefox on Linux", "web"), ("Safari on iPhone", "web"), ("okhttp", "api")]):
        then = now - timedelta(days=days, hours=1)
        Session.objects.create(user=rich, kind=kind, device=device, method="password", started_at=then,
            authenticated_at=then, last_seen_at=then, expires_at=now + timedelta(days=9))
    links[look] = {
        "chief": str(chief.pk),
        "pool": str(pool.pk),
        "shop": str(shop.pk),
        "service": str(service.pk),
        "rich": str(rich.pk),
        "poor": str(poor.pk),
        "verify": mailed_links.make("verify_email", user=poor, email=poor.email, now=now),
        "reset": mailed_links.make("reset_password", user=poor, email=poor.email, now=now),
        "signin": sign_in_links.make(rich, now=now).partition("token=")[2],
    }
print(json.dumps(links))
"""


@dataclass
class Gallery:
    """One look of the whole site. `made` holds the ids and one-time tokens that were prepared for this look."""

    site: Site
    look: Look
    made: dict[str, str]

    def person(self) -> Page:
        return self.site.person(self.look)

    def email(self, role: str) -> str:
        return f"{role}-{self.look}@example.org"

    def signed_in(self, role: str, path: str = "/login") -> Page:
        page = self.person()
        self.site.sign_in_here(page, self.email(role), path=path)
        page.wait_for_load_state()
        return page

    def open(self, page: Page, path: str, name: str, *, h1: str, status: int = 200) -> None:
        answer = page.goto(self.site.url + path)
        assert answer is not None
        self.keep(page, answer.status, name, h1=h1, status=status)

    def press(self, page: Page, button: str, name: str, *, h1: str, status: int = 200) -> None:
        """Press the button; what it leads to, behind all redirects, is the page to keep."""
        with page.expect_response(_is_a_page) as answer:
            page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state()
        self.keep(page, answer.value.status, name, h1=h1, status=status)

    def keep(self, page: Page, answered: int, name: str, *, h1: str | re.Pattern[str], status: int) -> None:
        assert answered == status, f"{page.url} answered {answered}"
        expect(page.locator("h1")).to_have_text(h1)
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"gallery-{name}-{self.look}.png", full_page=True)
        look_over(page, wide=self.look != "phone")


def _is_a_page(response: Response) -> bool:
    return response.request.is_navigation_request() and not 300 <= response.status < 400


@pytest.fixture(scope="module")
def furnished(
    toolkit: Toolkit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Road, dict[str, dict[str, str]]]]:
    """The service with everybody in it. Its policy is not fixed by the environment, so that a test may change it."""
    named = {"OIDC_PROVIDER_NAME": '"Demo provider"', "DISABLE_INTERNAL_AUTH": ""}
    server = Server(tmp_path_factory.mktemp("gallery"), configuration(toolkit) | named)
    toolkit.start()
    toolkit.serve(server.url)
    server.prepare()
    made = json.loads(server.python(_PEOPLE))
    server.start()
    yield Road(server, toolkit), made
    server.close()


@pytest.fixture
def hang(furnished: tuple[Road, dict[str, dict[str, str]]], visitor: Visitor) -> Callable[[Look], Gallery]:
    road, made = furnished
    visitor.allow(road.server.url, road.provider.origin)
    return lambda look: Gallery(Site(road, visitor), look, made[look])


@pytest.fixture(params=LOOKS)
def gallery(request: pytest.FixtureRequest, hang: Callable[[Look], Gallery]) -> Gallery:
    return hang(request.param)


@pytest.fixture
def with_policy(furnished: tuple[Road, dict[str, dict[str, str]]]) -> Iterator[Callable[..., None]]:
    """`with_policy(registration_mode="review")` holds until the test ends."""
    server = furnished[0].server

    def hold(**fields: object) -> None:
        server.python(
            "from accounts.models import SignInPolicy; SignInPolicy.objects.all().delete(); "
            f"SignInPolicy.objects.create(**{fields!r})"
        )

    yield hold
    hold()
