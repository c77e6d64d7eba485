"""A client of the load: works through its rounds, one call after the other, and keeps what was acknowledged."""

import random
import threading
import traceback
from typing import Any

from tests.soak.caller import Answer, Caller
from tests.soak.mail_server import MailServer
from tests.soak.record import Record
from tests.soak.spent import Spent

_PAUSE = 0.02
# Whoever was told to come again, or found nobody, does not come at once.
_PAUSE_IN_A_FAULT = 0.2


class Actor:
    """`clean_rounds` counts those in which nothing was refused for a fault's sake."""

    def __init__(self, name: str, *, caller: Caller, spent: Spent, mails: MailServer) -> None:
        self.name = name
        self.caller, self.spent, self.mails = caller, spent, mails
        self.record: Record = caller.record
        self.clean_rounds = 0
        self.random = random.Random(name)
        self._clean = True

    def round(self) -> None:
        raise NotImplementedError

    def compare(self) -> None:
        """Afterwards: whether the service still has what it acknowledged, once."""
        raise NotImplementedError

    def ask(self, method: str, path: str, *, refusals: tuple[str, ...] = (), **options: Any) -> Answer:
        answer = self.caller.ask(method, path, refusals=refusals, **options)
        if not answer.ok and answer.code not in refusals:
            self._clean = False
        return answer

    def work(self, stopped: threading.Event) -> None:
        while not stopped.wait(_PAUSE if self._clean else _PAUSE_IN_A_FAULT):
            self._clean = True
            try:
                self.round()
            except Exception:  # noqa: BLE001 - nobody reads what a thread dies of
                self.record.wrong(f"{self.name}: {traceback.format_exc()}")
            self.clean_rounds += self._clean
