"""The comparison is worth something: whatever is lost, doubled or revived behind the service's back, it names."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.app_users import AppUsers
from tests.soak.organizations import Organization
from tests.soak.people import People
from tests.soak.person import VERIFY
from tests.soak.run import compare
from tests.soak.stage import Stage

pytestmark = [pytest.mark.servers, pytest.mark.alone]
_MODELS = """
import json
from accounts.models import Session, User
from userpools.models import AppUser, UserPool
"""


_REVIVED = "the access token of a session that signed out"
_WITHIN = 120.0  # seconds


def load(stage: Stage, *, until: Callable[[], bool]) -> None:
    stopped = threading.Event()
    threads = [threading.Thread(target=actor.work, args=(stopped,)) for actor in stage.actors]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + _WITHIN
    while not until() and time.monotonic() < ends:
        time.sleep(0.5)
    stopped.set()
    for thread in threads:
        thread.join()


def enough(stage: Stage, people: People, organization: Organization, app_users: AppUsers) -> bool:
    """Whether there is something of each kind to lose."""
    pools = [each for each in organization.things if each.path == "/org/userPool" and each.there]
    registered = [each for each in people.people if each.there]
    return len(registered) > 2 and len(pools) > 2 and len(app_users.ids) > 0 and _REVIVED in stage.spent.kinds()


def test_every_kind_of_loss_is_noticed(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        people = next(actor for actor in stage.actors if isinstance(actor, People))
        organization = next(actor for actor in stage.actors if isinstance(actor, Organization))
        app_users = next(actor for actor in stage.actors if isinstance(actor, AppUsers))
        load(stage, until=lambda: enough(stage, people, organization, app_users))
        assert stage.record.wrongs == []
        stage.send_what_waits()
        renamed, deleted = people.people[0].email, people.people[1].email
        doubled, lost = [each.id for each in organization.things if each.path == "/org/userPool" and each.there][:2]
        told = json.dumps([renamed, deleted, doubled, lost, next(iter(app_users.ids))])
        stage.server.python(
            f"{_MODELS}renamed, deleted, doubled, lost, app_user = json.loads({told!r})\n"
            "User.objects.filter(email=renamed).update(name='Somebody Else')\n"
            "User.objects.filter(email=deleted).delete()\n"
            "Session.objects.update(ended_at=None)\n"
            "AppUser.objects.filter(external_id=app_user).delete()\n"
            "pool = UserPool.objects.get(pk=doubled); pool.pk, pool.issuer = None, 'https://doubled.example.org'; pool._state.adding = True; pool.save()\n"
            "UserPool.objects.filter(pk=lost).update(name='called otherwise')\n"
        )
        mailed = next(mail for mail in stage.mails.to(renamed) if VERIFY in mail.text)
        stage.mails.mails[:] = [mail for mail in stage.mails.mails if mail.message_id != mailed.message_id]
        with stage.server.log_file.open("a") as log:
            log.write("Traceback (most recent call last)\nValueError\n")
        # A process may remember an app user for ten seconds (docs/operations.md).
        time.sleep(12)
        compare(stage, say=lambda text: None)
        found = "\n".join(stage.record.wrongs)
    for words in (
        f"{renamed} is called Somebody Else",
        f"{deleted}: no password that was ever sent works",
        f"{_REVIVED} is not refused: 200",
        "is 2 app users",
        ": 2 rows, there: True",
        "nobody asked for ['called otherwise']",
        ": 0 rows, there: True",
        f"{renamed}: 0 mails with {VERIFY}, 1 acknowledged",
        "rows of people",
        "a traceback in the log",
    ):
        assert words in found, f"{words!r} is not among:\n{found}"
