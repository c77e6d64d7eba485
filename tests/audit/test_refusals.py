"""The record of refusals: bounded, outliving what is rolled back, and never in the way of the answer."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.signals import request_finished
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from fairlead.audit import addresses, bounded, refusals
from fairlead.audit.models import Refusal
from fairlead.causes import cause
from tests.configure import configure

WRONG = cause("password.wrong")
UNKNOWN = cause("password.address_unknown")
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.fixture
def ask(rf):
    def of(network="192.0.2.1"):
        return rf.get("/login", REMOTE_ADDR=network)

    return of


@pytest.mark.django_db(transaction=True)
def test_the_row_is_the_error_id_and_names_nobody_by_address(ask):
    user = User.objects.create_user("person@example.org", None)
    request = ask()
    error_id = refusals.refused(WRONG, request=request, person=user, address="Person@Example.org", provider="p")
    row = Refusal.objects.get()
    assert (row.pk, row.request_id) == (error_id, request.request_id) == (request.request_id,) * 2
    assert (row.code, row.cause, row.person_id, row.provider) == (
        "invalid_credentials",
        "password.wrong",
        str(user.pk),
        "p",
    )
    assert row.address_hmac in addresses.digests("person@EXAMPLE.org")
    assert "person@example.org" not in str(list(Refusal.objects.values())).lower()


@pytest.mark.django_db(transaction=True)
def test_an_address_is_found_after_the_key_was_changed(ask, settings):
    refusals.refused(WRONG, request=ask(), address="person@example.org")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert Refusal.objects.get().address_hmac in addresses.digests("person@example.org")
    assert addresses.digest("person@example.org") != Refusal.objects.get().address_hmac


@pytest.mark.django_db(transaction=True)
def test_twenty_of_a_network_code_and_hour_are_rows_and_the_last_counts_the_rest(ask):
    with time_machine.travel(NOW, tick=False):
        ids = [refusals.refused(WRONG, request=ask()) for _ in range(25)]
        refusals.refused(WRONG, request=ask("192.0.2.2"))
        refusals.refused(UNKNOWN, request=ask())
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        refusals.refused(WRONG, request=ask())
    assert Refusal.objects.count() == 20 + 2
    last = Refusal.objects.get(pk=ids[19])
    assert last.count == 7  # five more, and one of the other cause: one code
    assert ids[20:] == [ids[19]] * 5
    assert len(set(ids[:20])) == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("network", "wider"), [("2001:db8:1:{:x}::1", "2001:db8:1::/48"), ("192.0.2.{}", "192.0.2.0/24")]
)
def test_many_networks_of_one_wider_network_leave_a_hundred_rows_and_one_that_counts(ask, network, wider):
    with time_machine.travel(NOW, tick=False):
        ids = [refusals.refused(WRONG, request=ask(network.format(number))) for number in range(250)]
        ids += [refusals.refused(WRONG, request=ask(network.format(0))) for _ in range(5)]
        another = refusals.refused(WRONG, request=ask("2001:db8:2::1"))
    counting = Refusal.objects.get(source=wider)
    assert Refusal.objects.count() == 100 + 1 + 1
    assert (counting.count, counting.pk) == (155, ids[100])
    assert len(set(ids)) == 101
    assert Refusal.objects.get(pk=another).source == "2001:db8:2::/64"


@pytest.mark.django_db(transaction=True)
def test_all_networks_together_leave_so_many_rows_and_one_that_counts(ask, monkeypatch):
    monkeypatch.setattr(bounded, "MOST_IN_ALL", 30)
    with time_machine.travel(NOW, tick=False):
        ids = [refusals.refused(WRONG, request=ask(f"2001:db8:{number:x}::1")) for number in range(50)]
        pending = refusals.refused(cause("account.pending"), request=ask("2001:db8:33::1"))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        later = refusals.refused(WRONG, request=ask("2001:db8:33::1"))
    counting = Refusal.objects.get(source=bounded.OTHERS)
    assert (counting.count, counting.pk) == (20, ids[30])
    assert len(set(ids)) == 31
    assert sum(Refusal.objects.filter(code=WRONG.code, hour__lt=NOW).values_list("count", flat=True)) == 50
    # Another code and another hour have rows of their own.
    assert {*Refusal.objects.filter(pk__in=[pending, later]).values_list("source", flat=True)} == {"2001:db8:33::/64"}


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_the_id_of_the_row_that_counts_many_networks_is_told_too(ask, monkeypatch):
    monkeypatch.setattr(bounded, "MOST_OF_WIDER", 3)
    ids = [refusals.refused(WRONG, request=ask(f"2001:db8:1:{number:x}::1")) for number in range(4)]
    with transaction.atomic():
        assert refusals.refused(WRONG, request=ask("2001:db8:1:ff::1")) == ids[-1]
    request_finished.send(sender=object)
    assert Refusal.objects.get(pk=ids[-1]).count == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_leave_no_more_rows_than_twenty(ask):
    begin = threading.Barrier(8)

    def refuse(request):
        begin.wait()
        for _ in range(6):
            refusals.refused(WRONG, request=ask())
        connections.close_all()

    threads = [threading.Thread(target=refuse, args=(None,)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Refusal.objects.count() == 20
    assert sum(Refusal.objects.values_list("count", flat=True)) == 48


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_its_refusal(ask):
    with transaction.atomic():
        error_id = refusals.refused(WRONG, request=ask())
        transaction.set_rollback(True)
    assert not Refusal.objects.exists()
    request_finished.send(sender=object)
    assert Refusal.objects.get().pk == error_id


@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_the_id_of_the_row_that_counts_is_told_too(ask):
    ids = [refusals.refused(WRONG, request=ask()) for _ in range(20)]
    with transaction.atomic():
        assert refusals.refused(WRONG, request=ask()) == ids[-1]
    request_finished.send(sender=object)
    assert Refusal.objects.get(pk=ids[-1]).count == 2


@pytest.mark.django_db(transaction=True)
def test_an_id_that_a_proxy_gave_twice_makes_two_rows(ask):
    for _ in range(2):
        request = ask()
        request.request_id = "given-by-a-proxy"
        refusals.refused(WRONG, request=request)
    assert Refusal.objects.count() == 2
    assert set(Refusal.objects.values_list("request_id", flat=True)) == {"given-by-a-proxy"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_costs_the_row_and_nothing_else(ask, caplog):
    def refuse(*_):
        raise OperationalError("gone")

    request = ask()
    with connection.execute_wrapper(refuse), caplog.at_level("WARNING"):
        assert refusals.refused(WRONG, request=request) == request.request_id
    assert [(each.refusal, each.code, each.cause) for each in caplog.records] == [
        (request.request_id, "invalid_credentials", "password.wrong")
    ]
    assert not Refusal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_request_is_told_once_of_a_code_by_whoever_stood_closest(ask):
    request = ask()
    first = refusals.refused(WRONG, request=request)
    assert refusals.refused(UNKNOWN, request=request) == first
    assert refusals.refused(cause("account.pending"), request=request) != first
    assert set(Refusal.objects.values_list("cause", flat=True)) == {"password.wrong", "account.pending"}


@pytest.mark.django_db
def test_long_facts_are_cut(ask):
    row = refusals.refused(cause("request.malformed", parameter="x" * 500), request=None)
    assert Refusal.objects.get(pk=row).facts == {"parameter": "x" * 200}


@pytest.mark.django_db
def test_only_the_time_removes_them(settings):
    configure(settings, REFUSAL_DAYS=3)
    refusals.refused(WRONG, request=None)
    assert refusals.forget_expired(timezone.now() + timedelta(days=2)) == 0
    assert refusals.forget_expired(timezone.now() + timedelta(days=4)) == 1
