"""Changes and first calls at the same moment, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from fairlead.idtokens import background, issuers
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey
from tests.issuer import KeyServer
from userpools import app_users, id_tokens, pools, signing_keys
from userpools.errors import TooManyChanges
from userpools.models import AppUser, PoolSigningKey, UserPool

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _refreshes_run_as_in_production() -> Iterator[None]:
    issuers.start_again(run=background.start)
    yield
    issuers.start_again(run=background.inline)


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    ready, answers = threading.Barrier(times), []

    def run(number: int) -> None:
        try:
            ready.wait()
            answers.append(work(number))
        except TooManyChanges:
            answers.append("too many")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@pytest.fixture
def pool() -> UserPool:
    return pools.create(organizations.create("First Organization"), name="Hosted")


def test_the_first_calls_of_one_user_make_one_row(pool: UserPool) -> None:
    token = id_tokens.issue(pool, app_user_id="u", expires_at=int(timezone.now().timestamp()) + 600)
    found = at_once(lambda _: pools.identify(pool, token, now=timezone.now()).user.pk, 12)
    assert len(found) == 12
    assert set(found) == {AppUser.objects.get().pk}


def test_changes_of_different_members_at_once_are_all_kept_or_refused_whole(keys: KeyServer) -> None:
    pool = pools.create(organizations.create("First Organization"), name="p", given={"jwksUri": keys.jwks_uri})
    given = [{"issuer": "i"}, {"audience": ("a",)}, {"idClaim": "uid"}, {"algorithms": ("ES256",)}]
    answers = at_once(
        lambda number: (
            pools.change(UserPool.objects.get(pk=pool.pk), given={"authorization": given[number]}) and number
        ),
        4,
    )
    kept = UserPool.objects.get()
    held = [kept.issuer == "i", kept.audiences == ["a"], kept.id_claim == "uid", kept.algorithms == ["ES256"]]
    assert [number in answers for number in range(4)] == held
    assert sum(held) >= 3


def test_rotating_a_pools_keys_at_once_makes_one_next_key(pool: UserPool) -> None:
    at_once(lambda _: signing_keys.rotate(pool).kid, 6)
    assert PoolSigningKey.objects.count() == 2


def test_rotating_an_api_key_at_once_leaves_no_key_without_end(pool: UserPool) -> None:
    key, _ = api_keys.make(pool.organization, name="backend")
    found = at_once(lambda _: api_keys.rotate(key, overlap=api_keys.OVERLAP)[0].pk, 2)
    assert len(set(found)) == 2
    assert ApiKey.objects.get(pk=key.pk).expires_at is not None


def test_blocking_while_calls_run_ends_in_blocked(pool: UserPool) -> None:
    token = id_tokens.issue(pool, app_user_id="u", expires_at=int(timezone.now().timestamp()) + 600)
    user = pools.identify(pool, token, now=timezone.now()).user

    def work(number: int) -> str:
        if number == 0:
            app_users.block(user)
            return "blocked"
        app_users.of(pool, "u")
        return "called"

    assert Counter(at_once(work, 8)) == {"called": 7, "blocked": 1}
    assert app_users.of(pool, "u").blocked_at is not None
