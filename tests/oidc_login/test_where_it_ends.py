"""Where a sign-in ends belongs to its authorization request: front ends, our own pages and the admin on one instance."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from werkzeug import Response

from accounts.models import User
from oidc_login.models import AuthorizationRequest, ExchangeCode, Identity
from tests.configure import configure

FIRST, SECOND = "https://app.example.org", "https://other.example.org"
OWN = "http://testserver"


@pytest.fixture
def front_ends(browser, settings):
    configure(settings, FRONTEND_URLS=(FIRST, SECOND))
    return browser


def end(browser, location, **more):
    """Come back from the provider. Returns the origin, path and query where the browser is sent."""
    query = {**browser.provider.authorize(location), **more}
    response = browser.client.get("/api/auth/oidc/callback", query)
    assert response.status_code == 302
    parts = urlsplit(response["Location"])
    return (
        f"{parts.scheme}://{parts.netloc}",
        parts.path,
        {name: each[0] for name, each in parse_qs(parts.query).items()},
    )


def button(browser, page):
    """The address of the provider's button on our own sign-in page."""
    (provider,) = browser.client.get(page, follow=True).context["providers"]
    return provider["initiate_url"]


@pytest.mark.parametrize(
    ("asked", "place"),
    [({}, FIRST), ({"return_to": FIRST}, FIRST), ({"return_to": SECOND}, SECOND), ({"return_to": f"{SECOND}/"}, SECOND),
     ({"return_to": "HTTPS://Other.example.org:443"}, SECOND), ({"return_to": OWN}, OWN)],
)  # fmt: skip
def test_ends_where_it_began(front_ends, asked, place):
    origin, path, query = end(front_ends, front_ends.initiate(**asked))
    assert (origin, path) == (place, "/login")
    assert "code" in query


@pytest.mark.parametrize("name", ["redirect", "next"])
def test_the_button_leads_to_where_a_host_s_own_view_sent_people_from(browser, name):
    """`login_required` says `next`."""
    address = button(browser, f"/login?{name}=/mine")
    assert address.startswith(f"{OWN}/api/auth/oidc/initiate?")  # whole: with the cookie of the right host
    assert parse_qs(urlsplit(address).query)["redirect"] == ["/mine"]
    assert "redirect" not in parse_qs(urlsplit(button(browser, f"/login?{name}=//evil.example")).query)


@pytest.mark.parametrize(
    ("error_id", "shown"),
    [("a" * 32, True), ("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", True), ("1-800-555-0199", False), ("b" * 31, False)],
)
def test_no_words_of_a_links_author_stand_for_an_error_id(browser, error_id, shown):
    page = browser.client.get("/login", {"error": "account_suspended", "error_id": error_id}).content.decode()
    # Below stands the form with the languages, which leads back to this address: nobody reads its hidden field.
    assert (error_id in page) is shown


@pytest.mark.parametrize("asked", [{}, {"return_to": SECOND}, {"return_to": OWN}])
@pytest.mark.parametrize("more", [{"error": "access_denied"}, {"iss": "https://mix.up"}, {"code": ""}])
def test_errors_end_there_too(front_ends, asked, more):
    origin, path, query = end(front_ends, front_ends.initiate(**asked), **more)
    assert (origin, path) == (asked.get("return_to", FIRST), "/login")
    assert query["error"] in {"provider_refused", "provider_error"}


def test_refusal_of_who_the_person_is_ends_there_too(front_ends):
    User.objects.create_user("person@example.org", "a long enough password", verified_by="link", status="suspended")
    origin, _, query = end(front_ends, front_ends.initiate(return_to=SECOND))
    assert (origin, query["error"]) == (SECOND, "account_suspended")


def test_password_to_link_is_asked_for_where_it_began(front_ends):
    User.objects.create_user("person@example.org", "a long enough password", verified_by="link")
    front_ends.provider.claims["email_verified"] = False
    origin, _, query = end(front_ends, front_ends.initiate(return_to=SECOND))
    assert (origin, query["error"]) == (SECOND, "link_confirmation_required")


def test_state_that_came_too_late_or_in_another_browser_ends_there_too(front_ends):
    first = front_ends.initiate(return_to=SECOND)
    answer = front_ends.provider.authorize(first)
    parts = urlsplit(Client().get("/api/auth/oidc/callback", answer)["Location"])
    assert (f"{parts.scheme}://{parts.netloc}", parse_qs(parts.query)["error"]) == (SECOND, ["state_invalid"])
    late = front_ends.provider.authorize(front_ends.initiate(return_to=SECOND), "late")
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        parts = urlsplit(front_ends.client.get("/api/auth/oidc/callback", late)["Location"])
    assert (f"{parts.scheme}://{parts.netloc}", parse_qs(parts.query)["error"]) == (SECOND, ["state_expired"])


def test_sign_in_that_is_begun_once_more_ends_where_it_began(front_ends):
    late = front_ends.provider.authorize(front_ends.initiate(return_to=SECOND), "late")
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        again = front_ends.client.get("/api/auth/oidc/callback", late)["Location"]
        assert again.startswith(front_ends.provider.issuer)
    assert AuthorizationRequest.objects.get(restarted=True).ends_at == SECOND


def test_unreachable_provider_is_told_where_it_began(front_ends):
    front_ends.provider.answers["openid-configuration"] = lambda request: Response(status=500)
    for place in (FIRST, SECOND, OWN):
        location = front_ends.client.get("/api/auth/oidc/initiate", {"return_to": place})["Location"]
        assert location.startswith(f"{place}/login?error=provider_unreachable")


@pytest.mark.parametrize(
    "place",
    ["https://evil.example", "https://app.example.org.evil.example", "https://app.example.org@evil.example", "//evil.example",
     "https://app.example.org:8443", "http://app.example.org", "https://app.example.org/login", "app.example.org", "$X", "/"],
)  # fmt: skip
def test_place_that_is_not_listed_is_refused(front_ends, place):
    response = front_ends.client.get("/api/auth/oidc/initiate", {"return_to": place})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_redirect")
    assert not AuthorizationRequest.objects.exists()


def test_target_is_a_path_or_of_the_place_where_it_ends(front_ends):
    ask = front_ends.client.get
    path = "/api/auth/oidc/initiate"
    assert ask(path, {"return_to": SECOND, "redirect": f"{SECOND}/x"}).status_code == 302
    assert ask(path, {"return_to": SECOND, "redirect": f"{OWN}/x"}).status_code == 302
    assert ask(path, {"return_to": SECOND, "redirect": f"{FIRST}/x"}).status_code == 400
    assert ask(path, {"return_to": OWN, "redirect": f"{FIRST}/x"}).status_code == 400


def test_place_that_left_the_list_meanwhile_gets_neither_code_nor_error(front_ends, settings):
    begun = front_ends.initiate(return_to=SECOND)
    configure(settings, FRONTEND_URLS=(FIRST,))
    origin, path, query = end(front_ends, begun)
    assert (origin, path, query["error"]) == (OWN, "/login", "invalid_redirect")
    assert not ExchangeCode.objects.exists()
    assert not Identity.objects.exists()


@pytest.mark.parametrize("no_passwords", [False, True])
def test_administrator_enters_the_admin_where_the_sign_in_began(front_ends, settings, no_passwords):
    configure(settings, DISABLE_INTERNAL_AUTH=no_passwords)
    administrator = User.objects.create_superuser("person@example.org", None)
    Identity.objects.create(user=administrator, issuer=front_ends.provider.issuer, subject="subject-1")
    to_login = front_ends.client.get("/admin/")["Location"]
    initiated = front_ends.client.get(button(front_ends, to_login))
    origin, path, query = end(front_ends, initiated["Location"])
    assert (origin, path) == (OWN, "/login")
    entered = front_ends.client.get(path, query)
    assert entered["Location"] == "/admin/"
    assert front_ends.client.get("/admin/").status_code == 200


def test_error_of_a_sign_in_begun_on_our_page_is_shown_on_our_page(front_ends):
    initiated = front_ends.client.get(button(front_ends, "/login?redirect=/admin/"))
    origin, path, query = end(front_ends, initiated["Location"], error="access_denied")
    assert origin == OWN
    assert "The provider did not sign you in" in front_ends.client.get(path, query).content.decode()


def test_link_begun_on_the_account_page_ends_there(front_ends):
    user = User.objects.create_user("someone@example.org", "a long enough password", verified_by="link")
    sent = {"email": "someone@example.org", "password": "a long enough password"}
    assert front_ends.client.post("/login", sent).status_code == 302
    page = front_ends.client.post("/account/providers/link", {"provider": "default"})
    answer = front_ends.provider.authorize(page.context["address"])
    callback = front_ends.client.get("/api/auth/oidc/callback", answer)
    assert callback["Location"] == f"{OWN}/account"
    assert Identity.objects.get().user == user
