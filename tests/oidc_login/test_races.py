"""Many at once, on a real database: one person, one identity, one use of a code, no error."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from fairlead.idtokens import waiting
from oidc_login.models import Identity
from tests.oidc_login.conftest import Browser, arrived

AT_ONCE = 12


@pytest.fixture(autouse=True)
def _places_for_all_of_them() -> None:
    waiting.start_again(most=2 * AT_ONCE)


def together(work: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
    """Run `work` in as many threads as times, all let go at one moment."""
    gate, results = threading.Barrier(times), []

    def run(number: int) -> None:
        gate.wait()
        try:
            results.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == times
    return results


@pytest.mark.django_db(transaction=True)
def test_parallel_first_logins_make_one_person(provider):
    browsers = [Browser(Client(), provider) for _ in range(AT_ONCE)]
    returns = [provider.authorize(each.initiate(), f"code-{number}") for number, each in enumerate(browsers)]
    endings = together(lambda n: (n, arrived(browsers[n].client.get("/api/auth/oidc/callback", returns[n]))))
    assert all("code" in ending for _, ending in endings), endings
    assert (User.objects.count(), Identity.objects.count()) == (1, 1)
    assert {browsers[n].exchange(ending["code"]).status_code for n, ending in endings} == {200}


@pytest.mark.django_db(transaction=True)
def test_parallel_uses_of_one_code_are_one_use(browser):
    ending = browser.sign_in()
    statuses = Counter(together(lambda _: browser.exchange(ending["code"]).status_code))
    assert statuses == {200: 1, 400: AT_ONCE - 1}


@pytest.mark.django_db(transaction=True)
def test_parallel_callbacks_with_one_state_are_one_use(browser):
    query = browser.provider.authorize(browser.initiate())
    endings = together(lambda _: "code" in arrived(browser.client.get("/api/auth/oidc/callback", query)))
    assert Counter(endings) == {True: 1, False: AT_ONCE - 1}


@pytest.mark.django_db(transaction=True)
def test_parallel_confirmations_of_one_link_are_one_link(browser):
    User.objects.create_user("person@example.org", "a long enough password")
    browser.provider.claims["email_verified"] = False
    ending = browser.sign_in()
    statuses = together(lambda _: browser.link(ending["link_code"], "a long enough password").status_code, times=4)
    assert Counter(statuses) == {200: 1, 400: 3}
    assert Identity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_first_login_and_registration_of_one_address_at_once(browser):
    """Whoever comes first: one account, and the verified owner is in it."""
    query = browser.provider.authorize(browser.initiate())
    body = {"email": "person@example.org", "password": "a long enough password", "name": "Local"}

    def act(number: int) -> int:
        if number:
            return Client().post("/api/auth/register", body, content_type="application/json").status_code
        return browser.client.get("/api/auth/oidc/callback", query).status_code

    assert set(together(act, times=2)) <= {201, 302, 409}
    assert User.objects.count() == 1
    assert Identity.objects.get().user == User.objects.get()
