"""Somebody who has nothing to do with it: ten probes a second of each kind, while others take what they can get."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.live import worker_memory
from tests.live.tenants import Backend
from tests.servers import Server

PASSWORD = "a long enough password"
TIMEOUT = 5  # seconds; no answer by then is a failure
PROBES = 100  # of each kind, at least
LONGEST = 120  # seconds; where so many probes take longer, something is wrong, and the rest would not say more


class Bystanders:
    """`/livez`, another tenant's `/app/me` and a refresh. `answers` counts what each was told, `faults` how a 5xx read.

    `grown` is by how many bytes each worker grew at its peak while they were there, since all of them had been there
    once and a password had been hashed.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        tenant = Backend(server, "Bystander")
        pool = tenant.call("POST", "/org/userPool", {"name": "Hosted"}, 201).json()
        body = {"name": "Web", "kind": {"application": {"userPoolId": pool["id"]}}}
        client_id = tenant.call("POST", "/org/sdkClient", body, 201).json()["id"]
        asked = {"userPoolId": pool["id"], "appUserId": "bystander"}
        token = tenant.call("POST", "/org/appUserIdToken", asked, 201).json()["appUserIdToken"]
        self._app_user = {"Authorization": f"Bearer {token}", "X-Client-Id": client_id}
        server.python(
            "from accounts.models import User\n"
            f"User.objects.create_user('bystander@example.org', '{PASSWORD}', verified_by='operator')"
        )
        self._refresh_token = self.login("bystander@example.org").json()["refresh_token"]
        for _ in range(6):
            self.login("bystander@example.org")
            self._app_me()
        self.answers: dict[str, Counter[Any]] = {}
        self.faults = Counter[str]()
        self.grown: dict[str, int] = {}
        self._warm = worker_memory.of_workers(server)

    def login(self, email: str, password: str = PASSWORD) -> requests.Response:
        body = {"email": email, "password": password}
        return requests.post(f"{self.server.url}/api/auth/login", json=body, timeout=30)

    def watch(self, seconds: float, *, at_least: int = PROBES) -> None:
        """Probe with each, ten times a second, for so long and at least so many times."""
        probes = {"livez": self._livez, "app/me": self._app_me, "refresh": self._refresh}
        self.answers, self.faults = {name: Counter() for name in probes}, Counter()
        threads = [
            threading.Thread(target=self._probe, args=(name, probe, seconds, at_least))
            for name, probe in probes.items()
        ]
        with worker_memory.growth(self.server, since=self._warm) as self.grown:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def require_all_served(self) -> None:
        assert {name: set(found) for name, found in self.answers.items()} == {
            "livez": {200}, "app/me": {200}, "refresh": {200},
        }, (self.answers, self.faults)  # fmt: skip
        assert min(sum(found.values()) for found in self.answers.values()) >= PROBES
        self._require_memory()

    def require_alive(self) -> None:
        """Whatever else they were told."""
        assert set(self.answers["livez"]) == {200}, self.answers
        assert sum(self.answers["livez"].values()) >= PROBES
        self._require_memory()

    def _require_memory(self) -> None:
        assert len(self.grown) == 2
        assert max(self.grown.values()) <= worker_memory.ALLOWED, self.grown

    def _probe(self, name: str, probe: Any, seconds: float, at_least: int) -> None:
        first, pause = time.monotonic(), 0.1
        while (began := time.monotonic()) < first + LONGEST:
            if began >= first + seconds and sum(self.answers[name].values()) >= at_least:
                return
            try:
                answer = probe()
                told: Any = answer.status_code
                if answer.status_code >= 500:
                    self.faults[answer.text[:500]] += 1
            except requests.RequestException as error:
                told = type(error).__name__
            self.answers[name][told] += 1
            time.sleep(max(0.0, began + pause - time.monotonic()))

    def _livez(self) -> requests.Response:
        return requests.get(f"{self.server.url}/livez", timeout=TIMEOUT)

    def _app_me(self) -> requests.Response:
        return requests.get(f"{self.server.url}/app/me", headers=self._app_user, timeout=TIMEOUT)

    def _refresh(self) -> requests.Response:
        body = {"refresh_token": self._refresh_token}
        answer = requests.post(f"{self.server.url}/api/auth/refresh", json=body, timeout=TIMEOUT)
        if answer.status_code == 200:
            self._refresh_token = answer.json()["refresh_token"]
        return answer


@contextmanager
def many(count: int, act: Callable[[int], Any]) -> Iterator[list[Any]]:
    """So many callers, each at it again and again; what they were told."""
    stopped, told = threading.Event(), list[Any]()

    def run(number: int) -> None:
        while not stopped.is_set():
            try:
                told.append(act(number).status_code)
            except requests.RequestException as error:
                told.append(type(error).__name__)
                time.sleep(0.1)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        stopped.set()
        for thread in threads:
            thread.join(timeout=40)
