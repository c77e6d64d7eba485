"""`app_user_seen`: once a day for each app user, at whatever door the token came in."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models.signals import post_save
from django.utils import timezone

from fairlead import memory, signals
from tests.sdkclients.test_app_user_door import Door
from userpools.models import AppUser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard():
    got = []

    def broken(sender, **_):
        raise RuntimeError("a receiver's own fault")

    def receiver(sender, app_user, new, **_):
        got.append((app_user.external_id, new))

    for each in (broken, receiver):
        signals.app_user_seen.connect(each)
    yield got
    for each in (broken, receiver):
        signals.app_user_seen.disconnect(each)


@pytest.fixture
def place(tenant, keys):
    return Door(tenant, keys)


def test_told_once_a_day_and_whether_it_is_the_first_time(place, heard):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        for _ in range(2):
            assert place.me(place.keys.issuer.token(sub="ann")).status_code == 200
        memory.forget_everything()
        assert place.authorize(place.keys.issuer.token(sub="ann")).status_code == 204
        assert heard == [("ann", True)]
    with time_machine.travel(now + timedelta(days=1, minutes=1), tick=False):
        for _ in range(2):
            memory.forget_everything()
            assert place.me(place.keys.issuer.token(sub="ann")).status_code == 200
    assert heard == [("ann", True), ("ann", False)]


def test_refused_token_is_told_of_nobody(place, heard):
    assert place.me(place.keys.issuer.token(sub="ann", aud="another")).status_code == 401
    assert heard == []


def test_one_whose_row_is_not_committed_is_not_told(place, heard):
    def fail(sender, **_):
        raise RuntimeError("the row cannot be written")

    post_save.connect(fail, sender=AppUser)
    try:
        with pytest.raises(RuntimeError, match="the row"):
            place.me(place.keys.issuer.token(sub="ann"))
    finally:
        post_save.disconnect(fail, sender=AppUser)
    assert heard == []
    assert not AppUser.objects.exists()
