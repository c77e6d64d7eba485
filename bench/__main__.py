"""One run in this process: every section in turn, a table, and var/bench.json. The exit status says whether it could
measure, not whether targets were met."""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench import machine, stage
from bench.targets import By

SECTIONS = (
    "verification", "app_users", "keys_and_tokens", "crowds", "outages", "sign_in", "exchanges", "outbound_calls",
)  # fmt: skip
NOTE = """
R is requests per second over a bare JsonResponse view without middleware, in this process, by WSGI. What is served, is
beside peers or needs many rows is measured by make bench-peers and make bench-growth."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sections", default=",".join(SECTIONS), help="some of them, separated by commas")
    parser.add_argument("--to", type=Path, help="the file of the JSON; default: var/bench.json")
    given = parser.parse_args()
    print(machine.describe(), file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        stage.set_up(f"sqlite:///{folder}/bench.sqlite3")
        # What needs settings is imported once there are some.
        from bench import results

        rows: list[results.Row] = []
        for name in given.sections.split(","):
            section = import_module(f"bench.{name}")
            print(f"measuring {(section.__doc__ or name).partition(':')[0]} ...", file=sys.stderr, flush=True)
            rows += section.measure()
        stage.tear_down()
    print(results.table(rows, by=(By.BENCH,)))
    print(NOTE)
    print(f"Written to {results.write(rows, file=given.to or results.VAR / 'bench.json')}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
