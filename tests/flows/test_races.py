"""Two worker processes, fifty at once: exactly one account, one link, one use. Over HTTP against panva's provider."""

from typing import Any

import pytest

from tests.flows.fixtures import Road
from tests.flows.traveller import Traveller, configuration, together
from tests.providers.panva import Panva
from tests.servers import StartServer

pytestmark = pytest.mark.servers

AT_ONCE = 50
ROUNDS = 20


def test_parallel_first_sign_ins_make_one_account_each_round(start_server: StartServer, panva: Panva) -> None:
    panva.start()
    server = start_server(**configuration(panva))
    panva.serve(server.url)
    road = Road(server, panva)
    # The provider's discovery document is known, as it is after the first day: fifty at once are about people here.
    Traveller(server, panva, "first").begin()
    for number in range(ROUNDS):
        sign_in_at_once(road, [f"parallel-{number}"] * AT_ONCE)
        assert road.users() == number + 1
    assert server.python("from oidc_login.models import Identity; print(Identity.objects.count())") == str(ROUNDS)
    assert "Traceback" not in server.log


@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_everybody_who_comes_at_once_is_served_at_a_slow_provider(
    start_server: StartServer, panva: Panva, seconds: float
) -> None:
    """Many more than may wait for the provider at once. Nobody is sent away, nobody comes twice."""
    panva.start()
    server = start_server(**configuration(panva))
    panva.serve(server.url)
    Traveller(server, panva, "first").begin()
    panva.answer_in(seconds)
    try:
        sign_in_at_once(Road(server, panva), ["one-person"] * AT_ONCE)
        sign_in_at_once(Road(server, panva), [f"person-{number}" for number in range(AT_ONCE)])
    finally:
        panva.answer_in(0)
    assert server.python("from oidc_login.models import Identity; print(Identity.objects.count())") == str(AT_ONCE + 1)
    assert "Traceback" not in server.log


def sign_in_at_once(road: Road, accounts: list[str]) -> None:
    """All of them come back from the provider at one instant, and each is let in at the first try."""
    travellers = [Traveller(road.server, road.provider, account) for account in accounts]
    callbacks = together(travellers, lambda each: each.at_the_provider())

    def finish(pair: tuple[Traveller, str]) -> Any:
        traveller, callback = pair
        ended = traveller.come_back(callback)
        return traveller.exchange(ended["code"]) if "code" in ended else ended

    answers = together(list(zip(travellers, callbacks, strict=True)), finish)
    assert [getattr(each, "status_code", each) for each in answers] == [200] * len(accounts), road.server.log[-3000:]
    assert len({each.json()["user"]["id"] for each in answers}) == len(set(accounts))


def test_parallel_uses_of_one_exchange_code_succeed_once(start_server: StartServer, panva: Panva) -> None:
    panva.start()
    server = start_server(**configuration(panva))
    panva.serve(server.url)
    for _ in range(5):
        traveller = Traveller(server, panva, "once")
        code = traveller.travel()["code"]
        answers = together([code] * AT_ONCE, traveller.exchange)
        statuses = sorted(each.status_code for each in answers)
        assert statuses == [200] + [400] * (AT_ONCE - 1)
        refused = {each.json()["code"] for each in answers if each.status_code == 400}
        assert refused == {"exchange_code_invalid"}
    assert "Traceback" not in server.log


def test_parallel_uses_of_one_state_succeed_once(start_server: StartServer, panva: Panva) -> None:
    panva.start()
    server = start_server(**configuration(panva))
    panva.serve(server.url)
    traveller = Traveller(server, panva, "one-state")
    callback = traveller.at_the_provider()
    panva.forget_counts()
    ended = together([callback] * AT_ONCE, traveller.come_back)
    assert sum("code" in each for each in ended) == 1
    assert {each["error"] for each in ended if "error" in each} == {"state_invalid"}
    assert panva.counts()["token"] == 1
