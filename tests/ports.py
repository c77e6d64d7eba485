"""Free ports, and waiting until something answers. Owns no process."""

import socket
import time
from collections.abc import Callable

import requests


def free_port() -> int:
    """A port nobody listens on now. Somebody else may take it before it is used: callers report what then happens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answers(url: str, *, alive: Callable[[], bool], seconds: float = 60) -> None:
    """Return as soon as the address answers with a 200. Raises RuntimeError when the process is gone, or too slow."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.RequestException:
            pass
        if not alive():
            raise RuntimeError(f"The process behind {url} ended before it answered.")
        time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer within {seconds} seconds.")


def wait_until_listens(port: int, *, alive: Callable[[], bool], seconds: float = 20) -> bool:
    """True as soon as something takes connections there; False when the process is gone, or too slow."""
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
