"""Each bulkhead taken out once, in a copy of the tree, and the test of bystanders that must then fail.

`make bulkheads` runs them all (ten minutes, on an idle machine with PostgreSQL and Redis); `python -m tests.bulkheads
hashing database` those whose names begin so. Each test is run with its bulkhead first: where it fails already, nothing
is learned. One that fails neither way is a bulkhead that nothing holds. tests/test_mutants.py keeps the list true to the
code.
"""

import os
import sys

from tests.mutants import Mutant, copied, outcome

DATABASE = "postgres://postgres@127.0.0.1:5432/postgres"
CACHE = "redis://127.0.0.1:6379/8"
SECONDS = 240  # for one run of a test
LIVE = "tests/live/test_bystanders.py::test_"
AWAY = "tests/live/test_outages.py::test_"
_SERVER = ("gunicorn.conf.py", '"config.server.worker.BufferingWorker"', '"gthread"')

BULKHEADS = {
    "requests before threads: headers": Mutant(*_SERVER, f"{LIVE}slow_connections[headers-40]"),
    "requests before threads: bodies": Mutant(*_SERVER, f"{LIVE}slow_connections[bodies-40]"),
    "requests before threads: chunks": Mutant(*_SERVER, f"{LIVE}slow_connections[chunks-40]"),
    "places to wait for the outside": Mutant(
        "fairlead/idtokens/waiting.py",
        "while (first and self._taken >= self.most) or any(self._by_name[name] >= share for name in names):",
        "while False:",
        f"{LIVE}callbacks_at_a_token_endpoint_that_hangs",
    ),
    "places to wait: first keys": Mutant(
        "fairlead/idtokens/waiting.py",
        "while (first and self._taken >= self.most) or any(self._by_name[name] >= share for name in names):",
        "while False:",
        f"{LIVE}pools_whose_keys_never_arrive",
    ),
    "breakers": Mutant(
        "fairlead/idtokens/waiting.py", "            if self.open(name):\n                return False\n", "",
        "tests/oidc_login/test_waiting.py",
    ),
    "hashing: places": Mutant(
        "accounts/passwords/hashing.py",
        "places=2 * count, waiting=2 * count, seconds=WAIT",
        "places=1000, waiting=1000, seconds=60",
        f"{LIVE}sixty_four_sign_ins",
    ),
    "pictures: a thread of their own": Mutant(
        "fairlead/own_threads.py", "return self._executor.submit(work).result()", "return work()",
        f"{LIVE}picture_bombs tests/fairlead/test_own_threads.py",
    ),
    "pictures: one at a time": Mutant(
        "accounts/avatars.py", 'OwnThreads("pictures", 1, places=1,', 'OwnThreads("pictures", 16, places=16,',
        f"{LIVE}picture_bombs",
    ),
    "fetch budgets": Mutant(
        "fairlead/idtokens/store.py",
        "return next((budget for budget in budgets if not self._spend(budget, minute)), None)",
        "return None",
        "tests/userpools/test_fetch_budgets.py",
    ),
    "Redis: timeouts": Mutant(
        "config/services.py", '"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}', '"OPTIONS": {}',
        f"{AWAY}cache_hangs",
    ),
    "database: the end of each wait": Mutant(
        "config/postgres/base.py", "        if self._seconds:\n", "        if False:\n", f"{AWAY}database_is_away[hangs]"
    ),
    "database: one caller tries again": Mutant(
        "config/postgres/base.py", "            if not self._is_away():\n                return\n", "            return\n",
        f"{AWAY}database_is_away[hangs]",
    ),
    "database: 503 in one place": Mutant(
        "fairlead/web/error_pages.py", "if isinstance(error := sys.exception(), outages.FAULTS):", "if False:",
        f"{AWAY}database_is_away[stopped]"
    ),
}  # fmt: skip


def main(names: list[str]) -> int:
    os.environ.setdefault("CACHE_URL", CACHE)
    database = os.environ.get("DATABASE_URL", DATABASE)
    nothing_learned = 0
    with copied() as tree:
        # Bystanders who wait five seconds for each answer need no hundred of them to be noticed.
        bystanders = tree / "tests/live/bystanders.py"
        bystanders.write_text(bystanders.read_text().replace("LONGEST = 120", "LONGEST = 30"))
        for name, taken_out in BULKHEADS.items():
            if names and not any(name.startswith(each) for each in names):
                continue
            there = outcome(taken_out._replace(new=taken_out.old), tree, database=database, seconds=SECONDS)
            gone = "" if there else outcome(taken_out, tree, database=database, seconds=SECONDS)
            said = f"FAILS WITH IT ALREADY: {there}" if there else gone or "NOTHING NOTICED"
            nothing_learned += not gone
            sys.stdout.write(f"{name}: {said}\n")
            sys.stdout.flush()
    return 1 if nothing_learned else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
