"""Everything that takes part: the service with two workers, lines to its servers, a mail server, a provider, clients."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from tests.live.tenants import Backend
from tests.servers import Server
from tests.soak.actor import Actor
from tests.soak.app_users import AppUsers
from tests.soak.caller import Caller
from tests.soak.line import Line
from tests.soak.mail_server import MailServer
from tests.soak.organizations import Organization
from tests.soak.people import People
from tests.soak.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.soak.provider_people import ProviderPeople
from tests.soak.record import Record
from tests.soak.spent import Spent


class Stage:
    """Use as a context manager. `database` and `cache` are None where the service has a file and no shared cache."""

    def __init__(self, folder: Path) -> None:
        self.mails = MailServer()
        self.provider, self.keys = Provider(), Provider()
        self.server = Server(
            folder,
            {
                "WEB_CONCURRENCY": "2",
                "EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}",
                "OIDC_ENABLED": "true",
                "OIDC_ISSUER_URL": self.provider.origin,
                "OIDC_CLIENT_ID": CLIENT_ID,
                "OIDC_CLIENT_SECRET": CLIENT_SECRET,
                "OIDC_PRIVATE_ORIGINS": self.provider.origin,
                "POOL_PRIVATE_ORIGINS": self.keys.origin,
            },
        )
        self.record = Record()
        self.spent = Spent(self.record)
        self.actors: list[Actor] = []
        self.database: Line | None = None
        self.cache: Line | None = None

    def __enter__(self) -> "Stage":
        try:
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _begin(self) -> None:
        for each in (self.provider, self.keys):
            each.__enter__()
        self.server.prepare()
        environment = self.server.environment
        self.database_url = environment["DATABASE_URL"]
        if self.database_url.startswith("postgres"):
            self.database = Line.to(self.database_url, default_port=5432)
            environment["DATABASE_URL"] = self.database.instead_of(self.database_url)
        if environment.get("CACHE_URL", "").startswith("redis"):
            self.cache = Line.to(environment["CACHE_URL"], default_port=6379)
            environment["CACHE_URL"] = self.cache.instead_of(environment["CACHE_URL"])
        self.server.start()
        self._cast()

    def _cast(self) -> None:
        caller = Caller(self.server.url, self.record)
        first, second = (Backend(self.server, f"Organization {number}") for number in (1, 2))
        client_id = first.client_of(self.keys.jwks_uri)
        given = {"caller": caller, "spent": self.spent, "mails": self.mails}
        self.actors = [
            People("somebody", **given),
            People("anybody", **given),
            ProviderPeople("subject", provider=self.provider, **given),
            ProviderPeople("other-subject", provider=self.provider, **given),
            Organization("first", raw_key=first.raw_key, keys=self.keys, **given),
            Organization("second", raw_key=second.raw_key, keys=self.keys, **given),
            AppUsers("app-user", keys=self.keys, client_id=client_id, **given),
        ]

    def workers(self) -> list[int]:
        return [
            int(each) for each in Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        ]

    def kill_workers(self, *, times: int) -> None:
        """One after the other: while the last one is replaced, the others serve."""
        for _ in range(times):
            os.kill(self.workers()[0], signal.SIGKILL)
            time.sleep(1)

    def kill_master(self) -> None:
        """And start another at once, while the workers of the first are still there."""
        self.server.kill_master()
        self.server.start()

    @contextlib.contextmanager
    def clock_off(self, seconds: float) -> Iterator[None]:
        """The server is started again by a clock that is off, and then by the right one: for the rows it is stepped."""
        real = self.server.command
        self.server.command = [sys.executable, "-m", "tests.soak.stepped"]
        self.server.restart(SOAK_CLOCK=str(seconds))
        self.server.command = real
        told = requests.get(f"{self.server.url}/livez", timeout=10).headers["Date"]
        if abs(parsedate_to_datetime(told).timestamp() - time.time() - seconds) > abs(seconds) / 2:
            raise RuntimeError(f"the server's clock is not off by {seconds} s: {told}")
        yield
        self.server.restart()

    def send_what_waits(self) -> int:
        """As if the time of every mail had come. Returns how many still wait."""
        return int(self.server.python(_SEND))

    def rows(self) -> dict[str, int]:
        """How many rows there are of what may be there once."""
        return {name: int(number) for name, number in (line.split() for line in self.server.python(_ROWS).splitlines())}

    def expected_rows(self) -> dict[str, tuple[int, int]]:
        """The least and the most of each: what was acknowledged, and what was asked for besides."""
        registered = [
            person for actor in self.actors if isinstance(actor, People) for person in actor.people if person.there
        ]
        led = [actor for actor in self.actors if isinstance(actor, ProviderPeople)]
        known, perhaps = sum(len(each.ids) for each in led), sum(len(each.perhaps) for each in led)
        calling = [actor for actor in self.actors if isinstance(actor, AppUsers)]
        return {
            "people": (len(registered) + known, len(registered) + perhaps),
            "identities": (known, perhaps),
            "own_app_users": (sum(len(each.ids) for each in calling), sum(len(each.perhaps) for each in calling)),
        }

    def close(self) -> None:
        self.server.close()
        for each in (self.database, self.cache, self.mails):
            if each is not None:
                each.close()
        for provider in (self.provider, self.keys):
            threading.Thread(target=provider.stop, daemon=True).start()


_SEND = """
from django.utils import timezone
from fairlead.web import outbox
from fairlead.web.models import OutgoingMail
OutgoingMail.objects.filter(state="waiting").update(next_try_at=timezone.now())
print(outbox.send_due().waiting)
"""
_ROWS = """
from accounts.models import User
from oidc_login.models import Identity
from userpools.models import AppUser
print("people", User.objects.count())
print("identities", Identity.objects.count())
print("own_app_users", AppUser.objects.filter(external_id__startswith="app-user-").count())
"""
