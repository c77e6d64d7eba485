"""Signals only tell: after commit, and no receiver can break anything."""

import pytest
from django.db import transaction

from fairlead import signals


@pytest.fixture
def heard():
    got: list[str] = []

    def broken(sender, **_):
        raise RuntimeError("a receiver's own fault")

    def receiver(sender, user, **_):
        got.append(user)

    signals.linked.connect(broken)
    signals.linked.connect(receiver)
    yield got
    signals.linked.disconnect(broken)
    signals.linked.disconnect(receiver)


@pytest.mark.django_db(transaction=True)
def test_told_after_commit_whatever_another_receiver_does(heard) -> None:
    with transaction.atomic():
        signals.tell(signals.linked, sender=object, user="ann")
        assert heard == []
    assert heard == ["ann"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_told(heard) -> None:
    with transaction.atomic():
        signals.tell(signals.linked, sender=object, user="ann")
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_told_at_once_where_nothing_is_under_way(heard) -> None:
    signals.tell(signals.linked, sender=object, user="ann")
    assert heard == ["ann"]
