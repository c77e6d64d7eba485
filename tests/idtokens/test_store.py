"""The store on the real database, and with several threads where the database can do that."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from fairlead.idtokens.budgets import Budget
from fairlead.idtokens.documents import COOLDOWN
from fairlead.idtokens.models import FetchBudget, RemoteDocument
from fairlead.idtokens.store import DatabaseStore

NOW = 1_800_000_000.0
URL = "https://issuer.example/keys"
STORE = DatabaseStore()
A, B = (Budget(name=name, most=30) for name in "ab")


@pytest.mark.django_db
def test_an_unknown_url_has_no_snapshot():
    assert STORE.load("keys", URL) is None


@pytest.mark.django_db
def test_a_good_document_comes_back_as_it_was():
    assert STORE.claim("keys", URL, now=NOW)
    assert STORE.load("keys", URL).being_fetched
    document = {"keys": [{"kid": "ü"}]}
    STORE.keep("keys", URL, document=document, fetched_at=NOW + 1.5, fresh_until=NOW + 300)
    found = STORE.load("keys", URL)
    assert (found.document, found.fetched_at, found.fresh_until) == (document, NOW + 1.5, NOW + 300)
    assert (found.next_fetch_at, found.being_fetched, found.error) == (NOW + COOLDOWN, False, "")


@pytest.mark.django_db
def test_a_failure_keeps_the_good_document_and_a_success_clears_the_error():
    STORE.claim("keys", URL, now=NOW)
    STORE.keep("keys", URL, document="good", fetched_at=NOW, fresh_until=NOW + 300)
    STORE.fail("keys", URL, error="down " * 1000, final=True, at=NOW + 20)
    found = STORE.load("keys", URL)
    assert (found.document, found.error[:4], found.error_is_final, found.error_at) == ("good", "down", True, NOW + 20)
    STORE.keep("keys", URL, document="good", fetched_at=NOW + 30, fresh_until=NOW + 300)
    assert STORE.load("keys", URL).error == ""


@pytest.mark.django_db
def test_a_claim_holds_for_the_cooldown_and_for_its_kind_alone():
    assert STORE.claim("keys", URL, now=NOW)
    assert not STORE.claim("keys", URL, now=NOW)
    assert not STORE.claim("keys", URL, now=NOW + COOLDOWN - 0.001)
    assert STORE.claim("metadata", URL, now=NOW)
    assert STORE.claim("keys", URL + "/other", now=NOW)
    assert STORE.claim("keys", URL, now=NOW + COOLDOWN)


@pytest.mark.django_db
def test_a_budget_is_for_a_minute():
    minute = NOW // 60 * 60
    assert STORE.used_up([B, A], now=minute) is None
    assert [STORE.spend([A], now=minute) for _ in range(32)] == [None] * 30 + [A] * 2
    assert STORE.spend([B], now=minute) is None
    assert STORE.used_up([B, A], now=minute + 59) == STORE.spend([B, A], now=minute + 59) == A
    assert STORE.used_up([B, A], now=minute + 60) is STORE.spend([A], now=minute + 60) is None


@pytest.mark.django_db
def test_a_cooldown_that_was_given_back_can_be_taken_again_unless_somebody_else_has_it():
    assert STORE.claim("keys", URL, now=NOW)
    STORE.release("keys", URL, claimed_at=NOW)
    assert not STORE.load("keys", URL).being_fetched
    assert STORE.claim("keys", URL, now=NOW + 1)
    STORE.release("keys", URL, claimed_at=NOW)
    assert not STORE.claim("keys", URL, now=NOW + 2)


@pytest.mark.django_db
def test_what_nobody_uses_is_deleted_after_thirty_days():
    STORE.claim("keys", URL, now=NOW)
    STORE.spend([A], now=NOW)
    assert STORE.clear_expired(now=NOW + 29 * 86400) == 0
    assert STORE.clear_expired(now=NOW + 31 * 86400) == 2
    assert (RemoteDocument.objects.count(), FetchBudget.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_inside_a_hosts_transaction_the_store_still_works_and_goes_with_it():
    with transaction.atomic():
        assert STORE.claim("keys", URL, now=NOW)
        STORE.keep("keys", URL, document=1, fetched_at=NOW, fresh_until=NOW)
        STORE.fail("keys", URL, error="x", final=False, at=NOW)
        assert STORE.spend([A], now=NOW) is None
        transaction.set_rollback(True)
    assert STORE.load("keys", URL) is None


@pytest.mark.django_db(transaction=True)
def test_exactly_one_of_many_processes_gets_the_claim():
    def in_a_thread(call):
        try:
            return call()
        finally:
            connections.close_all()

    for attempt in range(5):
        now = NOW + attempt * COOLDOWN
        with ThreadPoolExecutor(16) as threads:
            claims = [threads.submit(in_a_thread, lambda: STORE.claim("keys", URL, now=now)) for _ in range(32)]  # noqa: B023
            assert sum(claim.result() for claim in claims) == 1
    with ThreadPoolExecutor(16) as threads:
        spent = [threads.submit(in_a_thread, lambda: STORE.spend([A], now=NOW)) for _ in range(50)]
        assert [one.result() for one in spent].count(None) == A.most


@pytest.mark.django_db(transaction=True)
def test_no_fetch_is_refused_because_others_begin_the_same_budget_in_this_moment():
    def spend(budget):
        try:
            return STORE.spend([budget], now=NOW)
        finally:
            connections.close_all()

    for attempt in range(20):
        budget = Budget(name=f"new {attempt}", most=16)
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(spend, [budget] * 16)) == [None] * 16
