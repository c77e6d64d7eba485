"""A person through the demo provider: new, known, linked, refused. In each case what the service made of it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from demo.tour.local_accounts import register
from demo.tour.story import Story, check, fresh_email, fresh_password


def tell(story: Story) -> None:
    story.chapter("A person through an OpenID provider")
    config = story.call("GET", "/api/auth/oidc/config", expect=200)
    names = ", ".join(each["name"] for each in config["providers"])
    check(config["enabled"] is True, "No provider is enabled.")
    story.step(
        "Ask which providers there are.", f"{names}. Sign-in by password too: {not config['disableInternalAuth']}."
    )
    _first_and_again(story)
    _automatic_link(story)
    _link_by_password(story)
    _refusals(story)
    _sign_out(story)


def _new(email: str, *, verified: bool = True) -> dict[str, str]:
    choice = {"new": "yes", "email": email, "name": "Tour Guest"}
    return choice | ({"verified": "on"} if verified else {})


def _exchange(story: Story, arrived: dict[str, str], browser: requests.Session) -> dict[str, Any]:
    check("code" in arrived, f"The sign-in ended in {arrived}.")
    return story.call("POST", "/api/auth/oidc/exchange", body={"code": arrived["code"]}, browser=browser, expect=200)


def _first_and_again(story: Story) -> None:
    email, browser = fresh_email("guest"), requests.Session()
    arrived = story.sign_in(_new(email), browser=browser, redirect="/account?from=tour")
    first = _exchange(story, arrived, browser)
    user = first["user"]
    check(user["emailVerified"] is True and user["hasPassword"] is False, f"Not the account expected: {user}")
    check(first["redirectUrl"] == "/account?from=tour", f"The redirect became {first['redirectUrl']}.")
    story.step(f"Sign in for the first time as {email}.", f"A new account without a password: {user['id']}.")
    used = {"code": arrived["code"]}
    story.call("POST", "/api/auth/oidc/exchange", body=used, browser=browser, expect=400, code="exchange_code_invalid")
    story.step("Use the exchange code a second time.", "Refused: exchange_code_invalid.")
    second = _exchange(story, story.sign_in({"person": email}, browser=browser), browser)
    check(second["user"]["id"] == user["id"], "The second sign-in made another account.")
    story.step("Sign in again.", "The same account.")
    pictured = requests.Session()
    person = _exchange(story, story.sign_in({"person": "person@example.org"}, browser=pictured), pictured)["user"]
    check(bool(person["profileImage"]), "Demo Person has no picture.")
    image = requests.get(story.around.app_url + person["profileImage"], timeout=20)
    check(image.headers["Content-Type"] == "image/webp", "The picture is no WebP.")
    story.step("Sign in as Demo Person, who has a picture.", f"Copied, re-encoded: {len(image.content)} bytes of WebP.")


def _automatic_link(story: Story) -> None:
    colleague = requests.Session()
    linked = _exchange(story, story.sign_in({"person": "colleague@example.org"}, browser=colleague), colleague)
    check(linked["user"]["hasPassword"] is True, "The colleague's password is gone.")
    story.step(
        "Sign in as colleague@example.org, who has a local account with this verified address.",
        "Linked to it; the password goes on working.",
    )
    email, password, browser = fresh_email("squatted"), fresh_password(), requests.Session()
    register(story, email, password, name="Whoever Registered First")
    taken_over = _exchange(story, story.sign_in(_new(email), browser=browser), browser)
    check(taken_over["notices"] == ["password_removed"], f"Notices: {taken_over['notices']}")
    guess = {"email": email, "password": password}
    story.call("POST", "/api/auth/login", body=guess, expect=401, code="invalid_credentials")
    story.step(
        "Register an address without proving it; then its verified owner signs in through the provider.",
        "Linked, but the stranger's password is removed and the owner is told so.",
    )


def _link_by_password(story: Story) -> None:
    email, password, browser = fresh_email("careful"), fresh_password(), requests.Session()
    here = register(story, email, password, name="Careful Guest")["user"]
    arrived = story.sign_in(_new(email, verified=False), browser=browser)
    check(arrived.get("error") == "link_confirmation_required", f"The sign-in ended in {arrived}.")
    story.step("Sign in with an unverified address that has an account here.", "Asked for that account's password.")
    body = {"link_code": arrived["link_code"], "password": fresh_password()}
    story.call("POST", "/api/auth/oidc/link", body=body, browser=browser, expect=401, code="invalid_credentials")
    linked = story.call("POST", "/api/auth/oidc/link", body=body | {"password": password}, browser=browser, expect=200)
    check(linked["user"]["id"] == here["id"], "Linked to another account.")
    story.step("Give a wrong password, then the right one.", "Refused, then linked and signed in.")
    again = _exchange(story, story.sign_in({"person": email}, browser=browser), browser)
    check(again["user"]["id"] == here["id"], "The link did not last.")
    story.step("Sign in through the provider again.", "The same account, nothing asked.")


def _refusals(story: Story) -> None:
    refused = story.sign_in(_new(fresh_email("unverified"), verified=False), browser=requests.Session())
    check(refused.get("error") == "email_not_verified", f"The sign-in ended in {refused}.")
    story.step("Sign in with an unverified address that nobody has here.", "Refused: email_not_verified, no account.")
    browser = requests.Session()
    callback = story.go_to_provider({"person": "person@example.org"}, browser=browser)
    stranger = story.come_back(callback, browser=requests.Session())
    check(stranger.get("error") == "state_invalid", f"The foreign browser ended in {stranger}.")
    story.step("Open the callback in another browser than the one that began.", "Refused: state_invalid.")
    state = parse_qs(urlsplit(story.go_to_provider(_new(fresh_email("leaver")), browser=browser)).query)["state"][0]
    cancelled = f"{story.around.app_url}/api/auth/oidc/callback?error=access_denied&state={state}"
    ended = story.come_back(cancelled, browser=browser)
    check(ended.get("error") == "provider_refused", f"The refused callback ended in {ended}.")
    story.step("Come back with the provider's refusal.", f"provider_refused, with an error id: {ended['error_id']}.")
    ended = story.come_back(cancelled, browser=browser)
    check(ended.get("error") == "state_invalid", f"The state was good twice: {ended}.")
    story.step("Come back with the same state again.", "Refused: state_invalid. It died with its first use.")
    away = "/api/auth/oidc/initiate?redirect=https://elsewhere.example/"
    story.call("GET", away, expect=400, code="invalid_redirect")
    story.step("Ask to be sent to a foreign site afterwards.", "Refused: invalid_redirect.")


def _sign_out(story: Story) -> None:
    browser = requests.Session()
    tokens = _exchange(story, story.sign_in({"person": "person@example.org"}, browser=browser), browser)
    story.call("POST", "/api/auth/logout", body={"refreshToken": tokens["refresh_token"]}, expect=204)
    spent = {"refresh_token": tokens["refresh_token"]}
    story.call("POST", "/api/auth/refresh", body=spent, expect=401, code="refresh_token_invalid")
    story.step("Sign in once more, and out.", "The refresh token is worth nothing any more.")
