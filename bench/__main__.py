"""One run: every section in turn, a table, and var/bench.json. The exit status says whether it could measure."""

import sys
import tempfile
from pathlib import Path

from bench import stage

NOTE = """
R is requests per second over a bare JsonResponse view behind the same middleware, in this process, by WSGI.
T3, T4 and T6 are held against the targets for granian, which adds least to a request; T5 and T7 as they are written.
Left out: simplejwt, knox, drf-oidc-auth, mozilla's DRF class and joserfc (not installed), PostgreSQL, several
processes (T10 and T11 are counted by tests), long lists (T15)."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        stage.set_up(Path(folder) / "bench.sqlite3")
        # What needs settings is imported once there are some.
        from bench import app_users, crowds, exchanges, keys_and_tokens, outbound_calls, results, sign_in, verification

        rows: list[results.Row] = []
        for section in (verification, app_users, keys_and_tokens, crowds, sign_in, exchanges, outbound_calls):
            print(f"measuring {section.__doc__.partition(':')[0]} ...", file=sys.stderr, flush=True)
            rows += section.measure()
        stage.tear_down()
    print(results.table(rows))
    print(NOTE)
    print(f"Written to {results.write(rows)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
