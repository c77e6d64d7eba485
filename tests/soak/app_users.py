"""App users of an organization's own issuer: good tokens are theirs, forged ones nobody's."""

from collections import defaultdict
from itertools import count
from typing import Any

from tests.issuer import Signer
from tests.soak.actor import Actor
from tests.soak.provider import Provider

# Right while keys rotate: the old key may be taken away before the new one is known, and the other way round.
_REFUSALS = ("unknown_key", "keys_unavailable")


class AppUsers(Actor):
    def __init__(self, name: str, *, keys: Provider, client_id: str, **given: Any) -> None:
        super().__init__(name, **given)
        self.keys, self._client = keys, {"X-Client-Id": client_id}
        self.ids: defaultdict[str, set[str]] = defaultdict(set)
        self.perhaps: set[str] = set()
        self._forger = Signer("ES256", kid="first")
        self._numbers = count(1)

    def round(self) -> None:
        known = self.ids and self.random.random() < 0.7
        subject = self.random.choice(list(self.ids)) if known else f"{self.name}-{next(self._numbers)}"
        if self.random.random() < 0.15:
            self._forge(subject)
        else:
            self._call(subject)

    def _call(self, subject: str) -> None:
        raw_token = self.keys.issuer.token(sub=subject, jti=str(next(self._numbers)))
        answer = self.ask("GET", "/app/me", bearer=raw_token, headers=self._client, in_a_fault=_REFUSALS)
        if answer.ok or answer.unknown:
            self.perhaps.add(subject)
        if answer.ok:
            self.ids[subject].add(answer.body["id"])

    def _forge(self, subject: str) -> None:
        raw_token = self._forger.token(self.keys.issuer.claims(sub=subject), kid=self.keys.issuer.signer.kid)
        answer = self.ask(
            "GET", "/app/me", bearer=raw_token, headers=self._client, refusals=("bad_signature", *_REFUSALS)
        )
        if answer.ok:
            self.record.wrong("a forged token is accepted")

    def compare(self) -> None:
        for subject in list(self.ids):
            self._call(subject)
            if len(self.ids[subject]) != 1:
                self.record.wrong(f"{subject} is {len(self.ids[subject])} app users")
