"""T24: what others notice while 32 callers hang on one provider whose token endpoint does not answer."""

import threading
import time
from contextlib import suppress

import requests

from bench.results import Row
from bench.served.house import House
from bench.served.probe import Noticed, probe
from bench.served.sign_ins import hang

_CALLERS = 32


def measure(house: House, *, seconds: float) -> list[Row]:
    """`house` is one whose Fairlead signs in at the provider that hangs."""
    quiet = _both(house, seconds=seconds)
    over = time.monotonic() + 3 * seconds + 5
    callers = [
        threading.Thread(target=_call, args=(house.urls["fairlead"], over), daemon=True) for _ in range(_CALLERS)
    ]
    for each in callers:
        each.start()
    time.sleep(1)
    beside = _both(house, seconds=seconds)
    return [
        Row(part=f"T24.{name}", measured=beside[name].p99 / quiet[name].p99, note=_note(quiet[name], beside[name]))
        for name in ("app", "livez")
    ]


def _both(house: House, *, seconds: float) -> dict[str, Noticed]:
    """The app user's call and the liveness probe, one after the other: each alone with the callers."""
    url, call = house.urls["fairlead"], house.senders["Fairlead app user, seen"].call
    token = house.issuer.seen.read_text().strip()
    return {
        "app": probe(
            f"{url}{call.path}", seconds=seconds, headers={**call.headers, "Authorization": f"Bearer {token}"}
        ),
        "livez": probe(f"{url}/livez", seconds=seconds),
    }


def _call(url: str, over: float) -> None:
    """One caller after the other, until it is over."""
    while time.monotonic() < over:
        with suppress(requests.RequestException, RuntimeError):
            hang(url)
        # Whoever is refused at once comes again, but not a thousand times a second.
        time.sleep(0.2)


def _note(quiet: Noticed, beside: Noticed) -> str:
    return f"p99 {quiet.p99:.1f} ms quiet, {beside.p99:.1f} ms beside; slowest {beside.times[-1]:.0f} ms"
