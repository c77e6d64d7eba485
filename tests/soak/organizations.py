"""An organization's backend: makes, renames and deletes pools and clients; issues and revokes hosted tokens."""

import time
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from tests.soak.actor import Actor
from tests.soak.caller import Answer
from tests.soak.provider import Provider
from tests.soak.spent import REVOCATION_DELAY

# Each is a row of a list that is read whole afterwards.
_AT_MOST = 60
# One new key set in so many seconds: an organization may have 30 fetched a minute, and its app users need some.
_BETWEEN_KEY_SETS = 6.0
# A pool and a client of the first organization, from the beginning.
_OF_THE_APP_USERS = {"Customers", "Web"}


@dataclass
class Thing:
    """A pool or a client. `id` is empty where the answer to its creation never came: then it may be there, once."""

    path: str
    names: list[str]
    id: str = ""
    pool: str = ""
    there: bool | None = True
    issued: dict[str, str] = field(default_factory=dict)


class Organization(Actor):
    def __init__(self, name: str, *, raw_key: str, keys: Provider, **given: Any) -> None:
        super().__init__(name, **given)
        self.keys = keys
        self._raw_key = raw_key
        self.things: list[Thing] = []
        self._numbers = count(1)
        self._next_key_set = 0.0

    def round(self) -> None:
        pools, clients = self._sure("/org/userPool"), self._sure("/org/sdkClient")
        if not pools or (len(self.things) < _AT_MOST and self.random.random() < 0.1):
            return self._create("/org/userPool", {})
        if not clients or (len(self.things) < _AT_MOST and self.random.random() < 0.1):
            pool = self.random.choice(pools)
            return self._create("/org/sdkClient", {"kind": {"application": {"userPoolId": pool.id}}}, pool=pool.id)
        chance = self.random.random()
        if time.monotonic() > self._next_key_set:
            self._next_key_set = time.monotonic() + _BETWEEN_KEY_SETS
            return self._create("/org/userPool", {"authorization": {"jwksUri": self._new_address()}})
        if chance < 0.2:
            return self._rename(self.random.choice([*pools, *clients]))
        if chance < 0.3:
            return self._delete(self.random.choice([*pools, *clients]))
        return self._use(self.random.choice(clients))

    def _sure(self, path: str) -> list[Thing]:
        return [each for each in self.things if each.path == path and each.id and each.there and len(each.names) == 1]

    def call(self, method: str, path: str, **options: Any) -> Answer:
        return self.ask(method, path, bearer=self._raw_key, **options)

    def _new_address(self) -> str:
        """A key set that nobody has fetched yet."""
        return f"{self.keys.jwks_uri}?{next(self._numbers)}"

    def _create(self, path: str, body: dict[str, Any], *, pool: str = "") -> None:
        thing = Thing(path, [f"{self.name} {next(self._numbers)}"], pool=pool)
        self.things.append(thing)
        # Keys that lie can be told from keys that are away. A pool may just have been deleted, or perhaps.
        answer = self.call(
            "POST", path, json=body | {"name": thing.names[0]}, in_a_fault=("invalid_request", "not_found")
        )
        if answer.ok:
            thing.id = answer.body["id"]
        else:
            thing.there = None if answer.unknown else False

    def _rename(self, thing: Thing) -> None:
        new = f"{self.name} renamed {next(self._numbers)}"
        answer = self.call("PATCH", f"{thing.path}/{thing.id}", json={"name": new})
        thing.names = [new] if answer.ok else [*thing.names, new]

    def _delete(self, thing: Thing) -> None:
        answer = self.call("DELETE", f"{thing.path}/{thing.id}", refusals=("in_use",))
        if answer.ok:
            thing.there = False
            gone = partial(
                self.caller.ask, "GET", f"{thing.path}/{thing.id}", bearer=self._raw_key, refusals=("not_found",)
            )
            self.spent.add("a deleted pool or client", gone)
        elif answer.unknown:
            thing.there = None

    def _use(self, client: Thing) -> None:
        """A token for somebody of a hosted pool, presented, and sometimes revoked."""
        person = f"user-{self.random.randrange(20)}-{next(self._numbers)}"
        body = {"userPoolId": client.pool, "appUserId": person}
        issued = self.call("POST", "/org/appUserIdToken", json=body, refusals=("pool_not_hosted", "not_found"))
        if not issued.ok:
            return
        raw_token = issued.body["appUserIdToken"]
        seen = self._present(client, raw_token)
        if seen.ok and seen.body["appUserId"] != person:
            self.record.wrong(f"the token of {person} is taken for {seen.body['appUserId']}'s")
        if self.random.random() < 0.3 and self.call("POST", "/org/appUserIdToken/revoke", json=body).ok:
            present = partial(
                self.caller.ask, "GET", "/app/me", bearer=raw_token, headers={"X-Client-Id": client.id},
                refusals=("revoked", "unknown_client"),
            )  # fmt: skip
            self.spent.add("a revoked hosted token", present, delay=REVOCATION_DELAY)

    def _present(self, client: Thing, raw_token: str) -> Answer:
        return self.ask(
            "GET", "/app/me", bearer=raw_token, headers={"X-Client-Id": client.id}, in_a_fault=("unknown_client",)
        )

    def compare(self) -> None:
        for path in ("/org/userPool", "/org/sdkClient"):
            found = self._list(path)
            for thing in [each for each in self.things if each.path == path]:
                named = [each for each in found if each["name"] in thing.names]
                if len(named) != (1 if thing.there else 0) and not (thing.there is None and len(named) < 2):
                    self.record.wrong(f"{path} {thing.names}: {len(named)} rows, there: {thing.there}")
                if thing.id and any(each["id"] != thing.id for each in named):
                    self.record.wrong(f"{path} {thing.names} has another id")
            known = {name for thing in self.things for name in thing.names}
            if others := [each["name"] for each in found if each["name"] not in known | _OF_THE_APP_USERS]:
                self.record.wrong(f"{path}: nobody asked for {others}")

    def _list(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            params = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            answer = self.call("GET", path, params=params)
            found += answer.body["results"]
            cursor = answer.body["next"] or ""
            if not cursor:
                return found
