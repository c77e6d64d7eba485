"""Each door counts what came to it: sign-ins, tokens, calls to the outside, limits. Labels stand in alphabetic order."""

import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import RefreshToken, User
from fairlead import metrics
from fairlead.web.codes import CALLBACK_ONLY, TABLE
from oidc_login.flow import sign_in_links
from tests.configure import configure
from tests.doors.attacked import MobileDoor, OurAccessTokenDoor, PoolDoor, good
from tests.measured import gained

pytestmark = pytest.mark.django_db
SIGN_INS, VERDICTS = "fairlead_sign_ins_total", "fairlead_token_verdicts_total"
OUTBOUND, THROTTLED = "fairlead_outbound_call_seconds_count", "fairlead_throttled_total"
PASSWORD = "correct horse battery"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person@example.org", PASSWORD, verified_by="link")


def test_what_counts_as_failed_is_what_is_not_the_callers_doing():
    at_callbacks = {"provider_unavailable"}
    assert at_callbacks <= CALLBACK_ONLY
    assert metrics.FAILURES - at_callbacks == {code for code, problem in TABLE.items() if problem.status >= 500}


def post(client: Client, path: str, **body: str):
    return client.post(path, json.dumps(body), content_type="application/json")


def sign_in(client: Client, password: str = PASSWORD):
    return post(client, "/api/auth/login", email="person@example.org", password=password)


@pytest.mark.parametrize("where", ["api", "page"])
def test_a_password_at_both_doors(client, person, where):
    def attempt(password: str) -> None:
        if where == "api":
            sign_in(client, password)
        else:
            client.post("/login", {"email": "person@example.org", "password": password})

    with gained(SIGN_INS) as found:
        attempt("wrong")
        attempt(PASSWORD)
    assert found == {
        ("invalid_credentials", "password", "refused", "none"): 1,
        ("ok", "password", "accepted", "none"): 1,
    }


def test_a_refresh_and_the_reuse_of_its_token(client, person, settings):
    configure(settings, REFRESH_REUSE_GRACE=0)
    raw = sign_in(client).json()["refresh_token"]
    with gained(SIGN_INS) as found, gained("fairlead_refresh_reuse_total") as reused:
        for _ in range(3):
            post(client, "/api/auth/refresh", refresh_token=raw)
    assert not RefreshToken.objects.exists()
    assert found == {
        ("ok", "refresh", "accepted", "none"): 1,
        ("refresh_token_invalid", "refresh", "refused", "none"): 2,
    }
    assert reused == {(): 1}


def test_a_sign_in_through_a_provider_and_its_calls(browser):
    browser.provider.userinfo = dict(browser.provider.claims)
    with gained(SIGN_INS) as found, gained(OUTBOUND) as calls:
        code = browser.sign_in()["code"]
        browser.exchange(code)
        browser.exchange(code)
    assert found == {
        ("ok", "provider", "accepted", "default"): 1,
        ("ok", "exchange", "accepted", "none"): 1,
        ("exchange_code_invalid", "exchange", "refused", "none"): 1,
    }
    assert calls == {("answered", each): 1 for each in ("discovery", "keys", "token", "userinfo")}


def test_the_page_redeems_a_code_too(browser):
    with gained(SIGN_INS) as found:
        browser.client.get("/login", browser.sign_in())
    assert found["ok", "exchange", "accepted", "none"] == 1


def test_a_provider_that_cannot_be_reached(browser):
    browser.provider.server.stop()
    with gained(SIGN_INS) as found, gained(OUTBOUND) as calls:
        browser.client.get("/api/auth/oidc/initiate")
    assert found == {("provider_unreachable", "provider", "failed", "default"): 1}
    assert calls == {("unreachable", "discovery"): 1}


def test_a_callback_that_nobody_began(browser):
    with gained(SIGN_INS) as found:
        browser.client.get("/api/auth/oidc/callback", {"state": "x" * 43, "code": "y"})
    assert found == {("state_invalid", "provider", "refused", "none"): 1}


def test_what_a_provider_refuses(browser):
    query = browser.provider.authorize(browser.initiate(), "the-code")
    with gained(SIGN_INS) as found:
        browser.callback({"state": query["state"], "error": "access_denied"})
    assert found == {("provider_refused", "provider", "refused", "default"): 1}


def test_a_mobile_exchange(browser):
    door = MobileDoor(browser, id_token=True)
    with gained(SIGN_INS) as found:
        door.send(good)
        door.provider.sign = None
        post(browser.client, "/api/auth/oidc/exchange/mobile", access_token="opaque")
    door.close()
    assert found[("ok", "mobile", "accepted", "default")] == 1
    assert {key[1:] for key in found} == {("mobile", "accepted", "default"), ("mobile", "refused", "default")}


def test_a_link_that_asks_for_the_password(browser, person):
    User.objects.filter(pk=person.pk).update(is_staff=True)
    with gained(SIGN_INS) as found:
        link_code = browser.sign_in()["link_code"]
        browser.link(link_code, "wrong")
        browser.link(link_code, PASSWORD)
    assert found == {
        ("link_confirmation_required", "provider", "refused", "default"): 1,
        ("invalid_credentials", "linking", "refused", "none"): 1,
        ("ok", "linking", "accepted", "none"): 1,
    }


def test_a_one_time_address(client, person):
    token = sign_in_links.make(person, now=timezone.now()).partition("token=")[2]
    with gained(SIGN_INS) as found:
        for _ in range(2):
            client.post("/signin-link", {"token": token})
    assert found == {
        ("ok", "link", "accepted", "none"): 1,
        ("exchange_code_invalid", "link", "refused", "none"): 1,
    }


@pytest.mark.parametrize(("where", "door"), [("me", "app"), ("authorize", "app"), ("verify", "verify")])
def test_an_app_users_token(tenant, keys, where, door):
    pool = PoolDoor(tenant, keys, where, hosted=False)
    with gained(VERDICTS) as found:
        pool.send(good)
        pool.send(lambda signer, claims: good(signer, claims | {"iss": "https://other.example"}))
    found.pop(("ok", "key"), None)
    assert found == {("ok", door): 1, ("wrong_issuer", door): 1}


def test_an_api_key(tenant):
    with gained(VERDICTS) as found:
        tenant.call("GET", "/org/userPool")
        tenant.raw_key = f"{tenant.raw_key[:-8]}AAAAAAAA"
        tenant.call("GET", "/org/userPool")
    assert found == {("ok", "key"): 1, ("api_key_invalid", "key"): 1}


def test_an_access_token_of_ours(client):
    door = OurAccessTokenDoor(client)
    with gained(VERDICTS) as found:
        door.send(good)
        client.get("/api/auth/me", headers={"Authorization": "Bearer nothing"})
        door.send(lambda signer, claims: good(signer, claims | {"exp": 1}))
    assert found == {("ok", "own"): 1, ("expired", "own"): 1}


@pytest.mark.parametrize(
    ("path", "times", "scope"), [("/api/auth/refresh", 60, "refresh"), ("/api/auth/login", 0, "password")]
)
def test_who_is_held_back(client, person, settings, path, times, scope):
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_LOGIN=["1/60"], RATE_LIMIT_REFRESH="60/60")
    with gained(THROTTLED) as found:
        if times:
            for _ in range(times + 2):
                post(client, path, refresh_token="x")
        else:
            for _ in range(3):
                sign_in(client, "wrong")
    assert found == {(scope,): 2}


def test_the_daily_job_leaves_when_it_ended(client, settings):
    settings.METRICS, settings.METRICS_TOKEN = True, ""
    line = 'fairlead_job_ended_timestamp_seconds{kind="clear_expired"} '
    assert f"{line}0.0" in client.get("/metrics").text
    before = timezone.now().timestamp()
    call_command("clear_expired", verbosity=0)
    (said,) = [each for each in client.get("/metrics").text.splitlines() if each.startswith(line)]
    assert float(said.removeprefix(line)) >= before
