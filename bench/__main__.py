"""One run in this process: every section in turn, a table, and var/bench.json. The exit status says whether it could
measure, not whether targets were met."""

import sys
import tempfile
from pathlib import Path

from bench import machine, stage

NOTE = """
R is requests per second over a bare JsonResponse view without middleware, in this process, by WSGI. What is served, is
beside peers or needs many rows is measured by make bench-peers and make bench-growth."""


def main() -> int:
    print(machine.describe(), file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        stage.set_up(Path(folder) / "bench.sqlite3")
        # What needs settings is imported once there are some.
        from bench import (
            app_users,
            crowds,
            exchanges,
            keys_and_tokens,
            outages,
            outbound_calls,
            results,
            sign_in,
            verification,
        )
        from bench.targets import By

        sections = (
            verification, app_users, keys_and_tokens, crowds, outages, sign_in, exchanges, outbound_calls
        )  # fmt: skip
        rows: list[results.Row] = []
        for section in sections:
            print(f"measuring {section.__doc__.partition(':')[0]} ...", file=sys.stderr, flush=True)
            rows += section.measure()
        stage.tear_down()
    print(results.table(rows, by=(By.BENCH,)))
    print(NOTE)
    print(f"Written to {results.write(rows, file=results.VAR / 'bench.json')}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
