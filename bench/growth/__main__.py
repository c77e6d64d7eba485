"""Fill, measure, clear: a table, and var/bench-growth.json."""

import argparse
import sys
import time
from pathlib import Path

from bench import machine, results, stage
from bench.served.configurations import database
from bench.targets import By


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of 100,000 pools, 1,000,000 app users and so on")
    given = parser.parse_args()
    before = machine.describe(seconds=2)
    print(before, file=sys.stderr, flush=True)
    with database("postgresql", Path(), "growth") as url:
        stage.set_up(url)
        from django.utils import timezone

        from bench.growth import copying, data, measuring

        scale = data.Scale.of(given.scale)
        filled: dict[str, dict[str, float]] = {}
        for each in data.fills(scale, now=timezone.now()):
            began = time.perf_counter()
            copying.fill(each)
            filled[each.model._meta.label] = {"rows": each.count, "seconds": time.perf_counter() - began}
            _say(f"{each.model._meta.label}: {each.count} rows in {filled[each.model._meta.label]['seconds']:.1f} s")
        copying.analyze()
        rows = measuring.lists() + measuring.admin()
        cleared = measuring.clear_expired()
        stage.tear_down()
    print(results.table(rows, by=(By.GROWTH,)))
    longest = cleared["longest_statement"]
    print(f"\nclear_expired: {cleared['seconds']:.1f} s, its longest statement {longest['seconds'] * 1e3:.0f} ms")
    print("\n".join(cleared["removed"]))
    file = results.write(
        rows,
        file=results.VAR / "bench-growth.json",
        scale=vars(scale),
        filled=filled,
        clear_expired=cleared,
        idle=before.idle,
    )
    print(f"\nWritten to {file}.")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
