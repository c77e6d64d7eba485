"""The login trip through both real providers, over HTTP, against the real server command."""

import time

import pytest
import requests

from tests.flows.fixtures import Road
from tests.flows.traveller import query_of

pytestmark = pytest.mark.providers

PASSWORD = "a-good-long-password"


def test_config_speaks_of_the_provider_of_the_environment(road: Road) -> None:
    config = requests.get(f"{road.server.url}/api/auth/oidc/config", timeout=20).json()
    assert config["enabled"] is True
    assert config["providerName"] == "Real Provider"
    assert config["issuerUrl"] == road.provider.issuer
    assert config["clientId"] == road.provider.confidential_id
    assert config["disableInternalAuth"] is False
    assert [each["slug"] for each in config["providers"]] == ["default"]


def test_initiate_asks_with_state_nonce_and_s256(road: Road) -> None:
    asked = query_of(road.somebody().begin())
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 22
    assert len(asked["nonce"]) >= 22
    assert asked["redirect_uri"] == f"{road.server.url}/api/auth/oidc/callback"
    assert asked["scope"] == "openid email profile"


@pytest.mark.smoke
def test_a_first_sign_in_makes_an_account_and_the_second_finds_it(road: Road) -> None:
    somebody = road.somebody(name="Real Person", picture=True)
    first = somebody.arrive(redirect="/account")
    assert first["redirectUrl"] == "/account"
    assert first["user"]["email"] == somebody.account
    assert first["user"]["emailVerified"] is True
    assert first["user"]["hasPassword"] is False
    assert first["user"]["isAdmin"] is False
    picture = requests.get(road.server.url + first["user"]["profileImage"], timeout=20)
    assert picture.headers["Content-Type"] == "image/webp"
    me = requests.get(
        f"{road.server.url}/api/auth/me", headers={"Authorization": f"Bearer {first['access_token']}"}, timeout=20
    )
    assert me.json() == first["user"]
    again = road.again(somebody).arrive()
    assert again["user"]["id"] == first["user"]["id"]


def test_the_name_follows_the_provider_at_each_sign_in(road: Road) -> None:
    somebody = road.somebody(name="Earlier Name")
    first = somebody.arrive()
    road.provider.person(somebody.account, email=somebody.account, name="Later Name")
    assert first["user"]["name"] == "Earlier Name"
    assert road.again(somebody).arrive()["user"]["name"] == "Later Name"


def test_the_verified_owner_of_an_address_is_linked_and_an_unproven_password_goes(road: Road) -> None:
    somebody = road.somebody()
    here = road.register(somebody.account, PASSWORD)
    arrived = somebody.arrive()
    assert arrived["user"]["id"] == here["id"]
    assert arrived["notices"] == ["password_removed"]
    refused = somebody.post("/api/auth/login", email=somebody.account, password=PASSWORD)
    assert refused.json()["code"] == "invalid_credentials"


def test_a_proven_account_is_linked_and_keeps_its_password(road: Road) -> None:
    somebody = road.somebody()
    here = road.register(somebody.account, PASSWORD)
    prove = f"from accounts.models import User; User.objects.filter(pk={here['id']!r}).update(verified_by='link')"
    road.server.python(prove)
    arrived = somebody.arrive()
    assert arrived["user"]["id"] == here["id"]
    assert arrived["notices"] == []
    assert somebody.post("/api/auth/login", email=somebody.account, password=PASSWORD).status_code == 200


def test_an_unproven_claim_links_only_with_the_password(road: Road) -> None:
    somebody = road.somebody(email_verified=False)
    here = road.register(somebody.account, PASSWORD)
    ended = somebody.travel()
    assert ended["error"] == "link_confirmation_required"
    wrong = somebody.post("/api/auth/oidc/link", link_code=ended["link_code"], password="not-the-password")
    assert wrong.json()["code"] == "invalid_credentials"
    elsewhere = road.again(somebody).post("/api/auth/oidc/link", link_code=ended["link_code"], password=PASSWORD)
    assert elsewhere.json()["code"] == "link_code_invalid"
    linked = somebody.post("/api/auth/oidc/link", link_code=ended["link_code"], password=PASSWORD)
    assert linked.status_code == 200, linked.text
    assert linked.json()["user"]["id"] == here["id"]
    assert road.again(somebody).arrive()["user"]["id"] == here["id"]


def test_an_unproven_address_makes_no_account(road: Road) -> None:
    before = road.users()
    somebody = road.somebody(email_verified=False)
    assert somebody.travel()["error"] == "email_not_verified"
    assert road.users() == before


def test_another_subject_with_the_same_address_is_refused(road: Road) -> None:
    somebody = road.somebody()
    somebody.arrive()
    other = "update(subject='another-subject')"
    road.server.python(
        f"from oidc_login.models import Identity; Identity.objects.filter(user__email={somebody.account!r}).{other}"
    )
    assert road.again(somebody).travel()["error"] == "email_already_linked"


def test_the_callback_is_worth_nothing_in_another_browser_and_burnt_there(road: Road) -> None:
    somebody = road.somebody()
    callback = somebody.at_the_provider()
    assert road.again(somebody).come_back(callback)["error"] == "state_invalid"


def test_a_callback_works_once(road: Road) -> None:
    somebody = road.somebody()
    callback = somebody.at_the_provider()
    assert "code" in somebody.come_back(callback)
    assert somebody.come_back(callback)["error"] == "state_invalid"


def test_an_exchange_code_works_once_and_only_in_its_browser(road: Road) -> None:
    somebody = road.somebody()
    code = somebody.travel()["code"]
    assert road.again(somebody).exchange(code).json()["code"] == "exchange_code_invalid"
    assert somebody.exchange(code).json()["code"] == "exchange_code_invalid"  # burnt by the stranger's attempt
    code = somebody.travel()["code"]
    assert somebody.exchange(code).status_code == 200
    assert somebody.exchange(code).json()["code"] == "exchange_code_invalid"


def test_parallel_tabs_both_arrive(road: Road) -> None:
    somebody = road.somebody()
    one, other = somebody.at_the_provider(), somebody.at_the_provider()
    codes = [somebody.come_back(other)["code"], somebody.come_back(one)["code"]]
    assert [somebody.exchange(code).status_code for code in codes] == [200, 200]


def test_the_providers_refusal_ends_the_attempt(road: Road) -> None:
    somebody = road.somebody()
    refusal = road.provider.refuse(somebody.begin()) + "&error_description=%3Cb%3Eno%3C%2Fb%3E"
    ended = somebody.come_back(refusal)
    assert ended["error"] == "provider_refused"
    assert "<b>" not in str(ended)
    assert somebody.come_back(refusal)["error"] == "state_invalid"


def test_an_answer_of_another_issuer_is_refused(road: Road) -> None:
    somebody = road.somebody()
    callback = somebody.at_the_provider()
    address, _, query = callback.partition("?")
    honest = "&".join(part for part in query.split("&") if not part.startswith("iss="))
    ended = somebody.come_back(f"{address}?{honest}&iss=https%3A%2F%2Fissuer.example")
    assert ended["error"] == "provider_error"
    assert somebody.come_back(callback)["error"] == "state_invalid"


def test_a_genuine_state_that_is_too_old_begins_again_once(road: Road) -> None:
    somebody = road.somebody()
    callback = somebody.at_the_provider(redirect="/account")
    _age_attempts(road)
    answer = somebody.browser.get(callback, allow_redirects=False, timeout=20)
    restarted = answer.headers["Location"]
    assert query_of(restarted)["state"] != query_of(callback)["state"]
    second = road.provider.sign_in(restarted, somebody.account)
    _age_attempts(road)
    assert somebody.come_back(second)["error"] == "state_expired"


def _age_attempts(road: Road) -> None:
    road.server.python(
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from oidc_login.models import AuthorizationRequest\n"
        "ago = timedelta(minutes=2)\n"
        "AuthorizationRequest.objects.filter(used_at=None).update("
        "created_at=F('created_at') - ago, expires_at=F('expires_at') - ago)"
    )


def test_warm_sign_ins_ask_for_token_and_userinfo_alone(road: Road) -> None:
    somebody = road.somebody()
    for _ in range(4):
        road.again(somebody).arrive()  # both workers have seen metadata and keys
    road.provider.forget_counts()
    for _ in range(5):
        road.again(somebody).arrive()
    counts = road.provider.counts()
    assert counts == {"authorization": counts["authorization"], "token": 5, "userinfo": 5}


def test_a_suspended_person_gets_nothing(road: Road) -> None:
    somebody = road.somebody()
    somebody.arrive()
    road.server.python(
        f"from accounts.models import User; u = User.objects.get(email={somebody.account!r}); "
        "u.status = 'suspended'; u.save()"
    )
    assert road.again(somebody).travel()["error"] == "account_suspended"


def test_keys_that_rotate_at_the_provider_work_within_the_cooldown_and_without_a_restart(road: Road) -> None:
    somebody = road.somebody()
    first = somebody.arrive()
    road.provider.rotate_keys(remove_old=True)
    rotated = time.monotonic()
    while "code" not in (ended := somebody.travel()):
        assert ended["error"] == "provider_error"
        assert time.monotonic() - rotated < 15, "The keys are asked for again every 10 seconds, if one is unknown."
        time.sleep(0.5)
    assert somebody.exchange(ended["code"]).json()["user"]["id"] == first["user"]["id"]


def test_no_secret_code_or_token_of_the_trips_is_in_the_log(road: Road) -> None:
    somebody = road.somebody()
    callback = somebody.at_the_provider()
    code = somebody.come_back(callback)["code"]
    tokens = somebody.exchange(code).json()
    asked = query_of(callback)
    for secret in (
        asked["code"],
        asked["state"],
        code,
        tokens["access_token"],
        tokens["refresh_token"],
        road.provider.client_secret,
        road.server.environment["SECRET_KEY"],
        PASSWORD,
    ):
        assert secret not in road.server.log
    assert "Traceback" not in road.server.log


def test_with_the_provider_down_the_trip_says_so_and_passwords_go_on_working(road: Road) -> None:
    somebody = road.somebody()
    local = f"local-{somebody.account}"
    road.register(local, PASSWORD)
    callback = somebody.at_the_provider()
    road.provider.stop()
    try:
        assert somebody.come_back(callback)["error"] == "provider_unreachable"
        assert somebody.post("/api/auth/login", email=local, password=PASSWORD).status_code == 200
        road.server.restart()
        assert somebody.post("/api/auth/login", email=local, password=PASSWORD).status_code == 200
    finally:
        road.provider.start()
    assert road.again(somebody).arrive()["user"]["email"] == somebody.account
