"""One run of everything that is served: configurations in turn, a table, and var/bench-peers.json.

Refuses to measure while the machine has something else to do; `--busy` measures nevertheless, and says so in the JSON.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import machine, results
from bench.results import Row
from bench.served import bystanders, configurations, house, rounds, rows, sign_ins
from bench.served.calls import RUNS
from bench.served.configurations import OF_THE_TARGETS, Configuration
from bench.served.rounds import Measured
from bench.targets import By

# A worker remembers this many verified tokens; a new one has to be new after all of them.
_REMEMBERED = 10_000
# Served as shipped: this is how many workers gunicorn.conf.py starts.
_SHIPPED = Configuration(server="gthread", workers=2, database="postgresql")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.served", description=__doc__)
    parser.add_argument("--servers", default=",".join(configurations.SERVERS))
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--databases", default=",".join(configurations.DATABASES))
    parser.add_argument("--peers", default=",".join(house.PEERS))
    parser.add_argument("--calls", default="", help="only calls with one of these words in their name")
    parser.add_argument("--seconds", type=float, default=4, help="that each call is sent in each round")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, RUNS))
    parser.add_argument("--sign-ins", type=int, default=100, help="0: none")
    parser.add_argument("--in-process", action=argparse.BooleanOptionalAction, default=True, help="T1, T8 beside peers")
    parser.add_argument("--busy", action="store_true", help="measure although the machine has something else to do")
    return parser.parse_args()


def main() -> int:
    given = _arguments()
    before = machine.describe(seconds=3)
    print(before, file=sys.stderr, flush=True)
    if not (before.idle or given.busy):
        print("The machine is not idle: figures of now would say little. Wait, or give --busy.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="fairlead-bench-") as folder:
        found, served = _measure(given, Path(folder))
    after = machine.describe(seconds=3)
    print(results.table(found, by=(By.PEERS,)))
    for name, calls in served.items():
        print(f"\n{name}: requests a second (lowest - highest), own CPU and p99 in ms")
        for call, each in calls.items():
            spread = f"({each['spread'][0]:.0f} - {each['spread'][1]:.0f})"
            print(f"  {call:30} {each['per_second']:7.0f} {spread:16} {each['cpu']:7.2f} {each['p99']:8.1f}")
    file = results.write(
        found,
        file=results.VAR / "bench-peers.json",
        served=served,
        idle=before.idle and after.idle,
        load=[before.load, after.load],
        rounds=given.rounds,
        seconds=given.seconds,
    )
    print(f"\nWritten to {file}.")
    return 0


def _measure(given: argparse.Namespace, folder: Path) -> tuple[list[Row], dict[str, dict[str, Any]]]:
    workers = [int(number) for number in given.workers.split(",")]
    peers = tuple(name for name in given.peers.split(",") if name)
    found: list[Row] = _in_process(folder) if given.in_process else []
    served: dict[str, dict[str, Any]] = {}
    with house.issuer(folder, tokens=_REMEMBERED * max(workers) * 5 // 4) as issuer:
        for each in configurations.every(
            servers=given.servers.split(","), workers=workers, databases=given.databases.split(",")
        ):
            print(each, file=sys.stderr, flush=True)
            with _folder(folder, str(each)) as own, house.opened(each, issuer, Path(own), peers=peers) as opened:
                chosen = {
                    name: sender
                    for name, sender in opened.senders.items()
                    if not given.calls or any(word in name for word in given.calls.split(","))
                }
                measured = rounds.interleaved(chosen, seconds=given.seconds, rounds=given.rounds)
                served[str(each)] = {name: _as_json(figures) for name, figures in measured.items()}
                if each == OF_THE_TARGETS:
                    found += rows.of(measured)
                    if given.sign_ins:
                        found += sign_ins.measure(opened, sign_ins=given.sign_ins, seconds=given.seconds)
        if given.sign_ins:
            print(f"while a provider hangs: {_SHIPPED}", file=sys.stderr, flush=True)
            with (
                _folder(folder, "hanging") as own,
                house.opened(_SHIPPED, issuer, Path(own), peers=(), hanging=True) as opened,
            ):
                found += bystanders.measure(opened, seconds=given.seconds)
    return found, served


def _folder(under: Path, name: str) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=name.replace(" ", "-").replace(",", ""), dir=under)


def _in_process(folder: Path) -> list[Row]:
    """T1 and T8 with the peers of this environment, in a process that has Fairlead's settings."""
    file = folder / "in-process.json"
    command = [sys.executable, "-m", "bench", "--sections", "verification,crowds", "--to", str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return results.read(file)[0]


def _as_json(measured: Measured) -> dict[str, Any]:
    return {
        "per_second": measured.per_second,
        "spread": measured.spread,
        "cpu": measured.cpu,
        "p99": measured.p99,
    }


if __name__ == "__main__":
    sys.exit(main())
