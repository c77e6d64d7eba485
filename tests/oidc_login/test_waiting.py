"""Where too many wait for a provider, the others are told at once, and nothing of theirs is used up."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.test import Client
from werkzeug import Response

from fairlead.idtokens import background, issuers, waiting
from fairlead.web import put_back
from oidc_login.models import AuthorizationRequest
from tests import compared
from tests.configure import configure
from tests.oidc_login.conftest import arrived
from tests.oidc_login.scripted import json_answer


@contextmanager
def others_wait(count: int, name: str) -> Iterator[None]:
    """So many other threads wait for the outside in this name."""
    gate, arrived_there = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        with waiting.outside.place(name):
            arrived_there.release()
            gate.wait(30)

    threads = [threading.Thread(target=hold) for _ in range(count)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert arrived_there.acquire(timeout=10)
    try:
        yield
    finally:
        gate.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("others", [[(4, "provider:default")], [(4, "provider:another"), (4, "organization:1")]])
def test_a_callback_that_finds_no_place_can_be_reloaded(browser, others, monkeypatch):
    query = browser.provider.authorize(browser.initiate())
    with ExitStack() as all_others:
        for count, name in others:
            all_others.enter_context(others_wait(count, name))
        before = browser.provider.calls["token"]
        answer = browser.client.get("/api/auth/oidc/callback", query)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer["Retry-After"] == "2"
        # A person's page, at a call whose refusals are problem documents for everybody else.
        with monkeypatch.context() as patched:
            patched.setattr(Client, "request", compared._ask)
            page = browser.client.get("/api/auth/oidc/callback", query, headers={"accept": "text/html"})
        assert (page.status_code, page["Retry-After"]) == (503, "2")
        assert b"Try again in a moment" in page.content
        assert browser.provider.calls["token"] == before
        assert AuthorizationRequest.objects.get().used_at is None
    assert "code" in arrived(browser.client.get("/api/auth/oidc/callback", query))


def test_what_no_provider_will_be_asked_about_takes_nobodys_place(browser, other_browser):
    """A used state, another browser's: refused at once, however many wait, and put back by nobody."""
    used = browser.provider.authorize(browser.initiate(), "used")
    browser.client.get("/api/auth/oidc/callback", used)
    stolen = browser.provider.authorize(browser.initiate(), "stolen")
    with others_wait(4, "provider:default"), others_wait(4, "provider:another"):
        for client, query in ((browser.client, used), (other_browser.client, stolen)):
            answer = client.get("/api/auth/oidc/callback", query)
            assert "error=state_invalid" in answer["Location"]
            assert put_back.NO_PLACE not in answer.wsgi_request.environ


def test_what_used_nothing_up_may_be_put_back_and_is_counted_once(browser, settings, monkeypatch):
    """Our server tries it again without a thread. Another one does not look, and sends the answer."""
    configure(settings, RATE_LIMITS=True, RATE_LIMIT_EXCHANGE="30/60")
    monkeypatch.setattr(waiting, "_PATIENCE", 0.01)
    query = browser.provider.authorize(browser.initiate())
    asked = ("/api/auth/oidc/exchange/mobile", {"access_token": "opaque"}, "application/json")
    with others_wait(4, "provider:default"):
        first = [browser.client.get("/api/auth/oidc/callback", query), browser.client.post(*asked)]
        again = [browser.client.post(*asked, **{put_back.TRIED_BEFORE: True}) for _ in range(40)]
    assert {answer.status_code for answer in [*first, *again]} == {503}
    assert {answer.wsgi_request.environ[put_back.NO_PLACE] for answer in [*first, *again]} == {"provider:default"}
    # One was counted.
    assert [browser.client.post(*asked).status_code == 429 for _ in range(30)] == [False] * 29 + [True]


def test_what_trying_again_does_not_help_is_not_put_back(browser, monkeypatch):
    monkeypatch.setattr(waiting.breakers, "open", lambda name: True)
    answer = browser.client.get("/api/auth/oidc/callback", browser.provider.authorize(browser.initiate()))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert put_back.NO_PLACE not in answer.wsgi_request.environ


def test_place_inside_another_is_never_put_back():
    """Something has begun by then."""
    with others_wait(4, "provider:default"), waiting.outside.place("provider:another"):
        with pytest.raises(waiting.Busy) as busy, waiting.outside.place("provider:default"):
            raise AssertionError
        assert busy.value.full == ""


def test_discovery_document_that_too_many_wait_for_is_waited_for_before_anything_is_used_up(browser):
    issuers.start_again(run=lambda work, share: True)  # somebody fetches it, and is not done while we look
    with others_wait(4, "provider:another"), others_wait(4, "organization:1"):
        answer = browser.client.get("/api/auth/oidc/initiate")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.wsgi_request.environ[put_back.NO_PLACE] == "provider:default"
    assert not AuthorizationRequest.objects.exists()
    issuers.start_again(run=background.inline)
    assert browser.initiate()


def test_callbacks_of_another_provider_find_their_places(browser):
    query = browser.provider.authorize(browser.initiate())
    with others_wait(4, "provider:another"):
        assert "code" in arrived(browser.client.get("/api/auth/oidc/callback", query))


def test_mobile_exchange_is_told_so_too(browser):
    with others_wait(4, "provider:default"):
        body = {"access_token": "opaque"}
        answer = browser.client.post("/api/auth/oidc/exchange/mobile", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "2"


def test_a_token_endpoint_that_failed_three_times_is_asked_by_one_caller_per_cooldown(browser, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    asked = []

    def fail(request):
        asked.append(1)
        return Response("", status=502)

    browser.provider.answers["token"] = fail
    for number in range(3):
        assert browser.sign_in(code=f"code-{number}")["error"] == "provider_unreachable"
    query = browser.provider.authorize(browser.initiate())
    answer = browser.client.get("/api/auth/oidc/callback", query)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert len(asked) == 3
    now[0] += 10
    del browser.provider.answers["token"]
    assert "code" in arrived(browser.client.get("/api/auth/oidc/callback", query))
    assert "code" in browser.sign_in(code="code-5")


def test_half_open_one_caller_tries(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    breakers = waiting.Breakers()
    for _ in range(3):
        assert breakers.claim("provider token")
        breakers.failed("provider token")
    assert not breakers.claim("provider token")
    assert breakers.claim("provider userinfo")
    assert breakers.claim("another token")
    now[0] += 10
    assert [breakers.claim("provider token") for _ in range(3)] == [True, False, False]
    breakers.succeeded("provider token")
    assert [breakers.claim("provider token") for _ in range(3)] == [True] * 3


def test_an_answer_that_cannot_be_used_is_an_answer(browser):
    browser.provider.answers["token"] = lambda request: json_answer({"error": "invalid_grant"}, status=400)
    for number in range(5):
        assert browser.sign_in(code=f"code-{number}")["error"] == "provider_error"
