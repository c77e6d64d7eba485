"""People who sign in through the provider: the same subject is the same person, and a code opens one session."""

from functools import partial
from itertools import count
from typing import Any

import requests

from tests.soak.actor import Actor
from tests.soak.caller import Answer
from tests.soak.provider import Provider

# What a sign-in may be answered while the provider hangs, fails, lies or rotates, or the service is short of something.
_REFUSALS = (
    "provider_unreachable", "provider_error", "unavailable", "keys_unavailable", "unknown_key", "bad_signature",
    "wrong_audience", "state_expired", "state_invalid", "exchange_code_invalid", "provider_unavailable",
)  # fmt: skip


class ProviderPeople(Actor):
    def __init__(self, name: str, *, provider: Provider, **given: Any) -> None:
        super().__init__(name, **given)
        self.provider = provider
        self.ids: dict[str, str] = {}
        self.perhaps: set[str] = set()
        self._numbers = count(1)

    def round(self) -> None:
        known = self.ids and self.random.random() < 0.6
        subject = self.random.choice(list(self.ids)) if known else f"{self.name}-{next(self._numbers)}"
        self._sign_in(subject)

    def _sign_in(self, subject: str) -> None:
        with requests.Session() as browser:
            asked = self._step(browser, "GET", "/api/auth/oidc/initiate")
            if not asked.ok:
                return
            back = self.provider.authorize(asked.location, subject=subject)
            self.perhaps.add(subject)
            called = self._step(browser, "GET", "/api/auth/oidc/callback", params=back)
            if not called.ok:
                return
            if back["code"] in self.provider.lied_about:
                self.record.wrong(f"{subject} is signed in by a lie of the provider")
            exchange = {"code": called.query["code"]}
            opened = self._step(browser, "POST", "/api/auth/oidc/exchange", json=exchange)
            if opened.ok:
                self._signed_in(subject, opened, browser=browser, exchange=exchange)

    def _step(self, browser: requests.Session, method: str, path: str, **options: Any) -> Answer:
        return self.ask(method, path, session=browser, in_a_fault=_REFUSALS, **options)

    def _signed_in(self, subject: str, answer: Answer, *, browser: requests.Session, exchange: dict[str, str]) -> None:
        user = answer.body["user"]
        if self.ids.setdefault(subject, user["id"]) != user["id"]:
            self.record.wrong(f"{subject} became somebody else")
        cookies = browser.cookies.get_dict()
        spent = partial(
            self.caller.ask, "POST", "/api/auth/oidc/exchange",
            json=exchange, cookies=cookies, refusals=("exchange_code_invalid",),
        )  # fmt: skip
        self.spent.add("a used exchange code", spent)

    def compare(self) -> None:
        for subject in list(self.ids)[-30:]:
            self._sign_in(subject)
