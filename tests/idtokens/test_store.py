"""The store on the real database, and with several threads where the database can do that."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from fairlead.idtokens.documents import COOLDOWN
from fairlead.idtokens.models import FetchBudget, KeySetSnapshot
from fairlead.idtokens.store import FETCHES_PER_MINUTE, DatabaseStore

NOW = 1_800_000_000.0
URL = "https://issuer.example/keys"
STORE = DatabaseStore()


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
def test_a_host_has_thirty_fetches_a_minute():
    minute = NOW // 60 * 60
    assert [STORE.spend(["host:a"], now=minute) for _ in range(FETCHES_PER_MINUTE + 2)] == [True] * 30 + [False] * 2
    assert STORE.spend(["host:b"], now=minute)
    assert not STORE.spend(["host:b", "host:a"], now=minute + 59)
    assert STORE.spend(["host:a"], now=minute + 60)


@pytest.mark.django_db
def test_what_nobody_uses_is_deleted_after_thirty_days():
    STORE.claim("keys", URL, now=NOW)
    STORE.spend(["host:a"], now=NOW)
    assert STORE.clear_expired(now=NOW + 29 * 86400) == 0
    assert STORE.clear_expired(now=NOW + 31 * 86400) == 2
    assert (KeySetSnapshot.objects.count(), FetchBudget.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_inside_a_hosts_transaction_the_store_still_works_and_goes_with_it():
    with transaction.atomic():
        assert STORE.claim("keys", URL, now=NOW)
        STORE.keep("keys", URL, document=1, fetched_at=NOW, fresh_until=NOW)
        STORE.fail("keys", URL, error="x", final=False, at=NOW)
        assert STORE.spend(["host:a"], now=NOW)
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
        spent = [threads.submit(in_a_thread, lambda: STORE.spend(["host:a"], now=NOW)) for _ in range(50)]
        assert sum(one.result() for one in spent) == FETCHES_PER_MINUTE
