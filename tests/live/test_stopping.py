"""Stopping, replacing and losing the server's processes: nobody is left without an answer."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT
from tests.live.toys import THREADS, StartToy

pytestmark = pytest.mark.servers


def test_everybody_is_answered_when_it_is_told_to_stop(start_toy: StartToy) -> None:
    """More requests than threads, some not even whole, at SIGTERM."""
    toy = start_toy(WEB_CONCURRENCY="2")
    # Before the gate closes: a worker whose threads are all taken would let it wait.
    kept = toy.client()
    assert kept.ask("GET /echo HTTP/1.1").answer().status == 200
    toy.close_gate()
    whole = [toy.client().ask("GET /hold HTTP/1.1") for _ in range(12 * THREADS)]
    partial = [toy.client().send(b"POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12") for _ in range(4)]
    time.sleep(0.5)
    toy.terminate()
    time.sleep(0.5)
    for each in partial:
        each.send(b"345")
    assert kept.ask("GET /livez HTTP/1.1").answer().headers["connection"] == "close"
    toy.open_gate()
    assert [each.answer().status for each in [*whole, *partial]] == [200] * (len(whole) + 4)
    assert toy.child.process.wait(timeout=20) == 0
    assert toy.faults == []


def test_requests_that_hang_are_told_when_time_is_over(start_toy: StartToy) -> None:
    toy = start_toy()
    toy.close_gate()
    hanging = [toy.client(timeout=60).ask("GET /hold HTTP/1.1") for _ in range(3 * THREADS)]
    time.sleep(0.5)
    toy.terminate()
    answers = [each.answer() for each in hanging]
    assert {each.status for each in answers} == {503}
    assert {each.json()["code"] for each in answers} == {"unavailable"}
    assert toy.child.process.wait(timeout=20) == 0


def test_readiness_says_no_before_the_server_stops_serving(start_toy: StartToy) -> None:
    toy = start_toy(DRAIN_SECONDS="3")
    assert toy.get("/readyz").status == 200
    toy.terminate()
    began, seen = time.monotonic(), []
    while time.monotonic() - began < 2:
        assert toy.get("/echo", timeout=5).status == 200
        seen.append(toy.get("/readyz").status)
        time.sleep(0.1)
    assert set(seen[3:]) == {503}
    assert toy.get("/readyz").json()["worker"] == "draining"
    assert toy.child.process.wait(timeout=20) == 0
    with pytest.raises(OSError, match="refused"):
        toy.get("/livez")


def test_a_reload_drops_nothing_and_stays_ready(start_toy: StartToy) -> None:
    toy = start_toy(DRAIN_SECONDS="3", WEB_CONCURRENCY="2")
    before, seen = {toy.get("/echo").json()["pid"] for _ in range(20)}, set()
    statuses: list[Any] = []
    stopped = threading.Event()

    def keep_asking() -> None:
        while not stopped.wait(0.02):
            try:
                answer = toy.get("/readyz", timeout=10)
                statuses.append(200 if answer.status == 200 else answer.body)
                seen.add(toy.get("/echo", timeout=10).json()["pid"])
            except (OSError, EOFError) as error:
                statuses.append(repr(error))

    thread = threading.Thread(target=keep_asking)
    thread.start()
    time.sleep(0.5)
    os.kill(toy.child.process.pid, signal.SIGHUP)
    ends = time.monotonic() + 20
    while before & set(toy.workers()) and time.monotonic() < ends:
        time.sleep(0.1)
    time.sleep(0.5)
    stopped.set()
    thread.join()
    assert set(statuses) == {200}
    assert seen - before
    assert not before & set(toy.workers())


def test_workers_leave_when_their_master_is_gone(start_toy: StartToy) -> None:
    toy = start_toy(WEB_CONCURRENCY="2")
    workers = toy.workers()
    os.kill(toy.child.process.pid, signal.SIGKILL)
    toy.child.process.wait()
    ends = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/exe").exists() for pid in workers):
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_the_master_knows_nothing_of_the_application() -> None:
    """What it had imported, a reload would not replace. But for what looks like a credential: its own log needs that."""
    from tests.processes import run

    code = (
        "import sys, gunicorn.app.wsgiapp as app; sys.argv = ['gunicorn', 'config.wsgi']; application = app.WSGIApplication(); application.cfg.worker_class; "
        "application.cfg.logger_class; print(*(name for name in sys.modules "
        "if name.partition('.')[0] in {'django', 'fairlead', 'accounts', 'oidc_login', 'rest_framework'}))"
    )
    environment = {**os.environ, "GUNICORN_CMD_ARGS": ""}
    known = run([sys.executable, "-c", code], environment=environment).split()
    assert set(known) <= {"fairlead", "fairlead.web", "fairlead.web.redaction"}
    assert [(ROOT / name / "__init__.py").read_text() for name in ("fairlead", "fairlead/web")] == ["", ""]
