"""What somebody notices who calls now and then, while others do what they do: times of one caller's requests."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_PAUSE = 0.005  # seconds


@dataclass(frozen=True)
class Noticed:
    """Sorted, in milliseconds."""

    times: tuple[float, ...]

    @property
    def p99(self) -> float:
        return self.times[min(len(self.times) - 1, int(len(self.times) * 0.99))]

    @property
    def p50(self) -> float:
        return self.times[len(self.times) // 2]


def probe(url: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Noticed:
    """Calls on one kept connection for so many seconds. Raises RuntimeError where the answer is not 200.

    A request that is answered late delays those that would have been sent meanwhile: each counts as one that was sent
    at its time, as in a queue (`coordinated omission`).
    """
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.netloc, timeout=60)
    times: list[float] = []
    began = due = time.perf_counter()
    while due < began + seconds:
        time.sleep(max(0.0, due - time.perf_counter()))
        connection.request("GET", where.path, headers=dict(headers or {}))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        ended = time.perf_counter()
        times.append((ended - due) * 1e3)
        due += _PAUSE
        while due < ended:
            times.append((ended - due) * 1e3)
            due += _PAUSE
    connection.close()
    return Noticed(tuple(sorted(times)))
