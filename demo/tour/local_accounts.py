"""A person with a password: registering, proving the address, signing in, staying signed in, leaving."""

from typing import Any

from demo.tour.story import Story, check, fresh_email, fresh_password


def tell(story: Story) -> None:
    story.chapter("A person with a password")
    mode = story.call("GET", "/api/auth/registration-mode", expect=200)["mode"]
    story.step("Ask who may register.", f"Registration is {mode}.")
    email, password = fresh_email("tour"), fresh_password()
    new = register(story, email, password, name="Tour Guest")
    story.step(f"Register {email}.", f"Account {new['user']['id']}, address verified: {new['user']['emailVerified']}.")
    again = {"email": email.upper(), "password": fresh_password(), "name": "Somebody Else"}
    story.call("POST", "/api/auth/register", body=again, expect=409, code="email_taken")
    story.step("Register the same address in capitals.", "Refused: email_taken.")
    _prove(story, email, new["access_token"])
    signed_in = _sign_in(story, email, password)
    _stay(story, signed_in)


def register(story: Story, email: str, password: str, *, name: str) -> dict[str, Any]:
    body = {"email": email, "password": password, "name": name}
    return story.call("POST", "/api/auth/register", body=body, expect=201)


def _prove(story: Story, email: str, access_token: str) -> None:
    token = story.mailed_token(email)
    if token is None:
        story.remark("(The mail with the verification link is not readable from here. Left out.)")
        return
    story.call("POST", "/api/auth/email/verify", body={"token": token}, expect=403, code="sign_in_to_verify")
    story.step("Follow the link in the mail without being signed in.", "Nothing happens: a link proves only a mailbox.")
    story.call("POST", "/api/auth/email/verify", body={"token": token}, bearer=access_token, expect=204)
    me = story.call("GET", "/api/auth/me", bearer=access_token, expect=200)
    check(me["emailVerified"] is True, "The address is still not verified.")
    story.step("Follow it signed in.", "The address counts as verified.")


def _sign_in(story: Story, email: str, password: str) -> dict[str, Any]:
    wrong = {"email": email, "password": fresh_password()}
    story.call("POST", "/api/auth/login", body=wrong, expect=401, code="invalid_credentials")
    nobody = {"email": fresh_email("nobody"), "password": password}
    story.call("POST", "/api/auth/login", body=nobody, expect=401, code="invalid_credentials")
    story.step("Sign in with a wrong password, and as nobody.", "Both refused alike: invalid_credentials.")
    signed_in = story.call("POST", "/api/auth/login", body={"email": email, "password": password}, expect=200)
    me = story.call("GET", "/api/auth/me", bearer=signed_in["access_token"], expect=200)
    check(me["email"] == email and me["hasPassword"] is True, f"/me tells something else: {me}")
    story.step("Sign in, and ask who I am.", f"{me['name']}, {me['status']}, administrator: {me['isAdmin']}.")
    return signed_in


def _stay(story: Story, signed_in: dict[str, Any]) -> None:
    first = signed_in["refresh_token"]
    second = _refresh(story, first)
    check(second != first, "The refresh token was not rotated.")
    story.step("Refresh.", "New access token, and a new refresh token in place of the old one.")
    check(_refresh(story, first) == second, "A second tab got another successor.")
    story.step("Use the old refresh token once more at once, as a second tab does.", "The same successor.")
    story.call("POST", "/api/auth/logout", body={"refresh_token": second}, expect=204)
    spent = {"refresh_token": second}
    story.call("POST", "/api/auth/refresh", body=spent, expect=401, code="refresh_token_invalid")
    story.step("Sign out, and try the refresh token afterwards.", "Refused: refresh_token_invalid.")
    story.call("GET", "/api/auth/me", expect=401, code="not_authenticated")
    story.step("Ask who I am, without a token.", "Refused: not_authenticated.")


def _refresh(story: Story, token: str) -> str:
    return str(story.call("POST", "/api/auth/refresh", body={"refresh_token": token}, expect=200)["refresh_token"])
