"""How `make tour` and `demo.token` find the ports of the running `make run`."""

import json
import os
import subprocess
import sys

import pytest

from demo import running
from demo.surroundings import SurroundingsError, look_around
from tests.ports import free_port
from tests.processes import ROOT


@pytest.fixture
def started(tmp_path):
    """What a `make run` on other ports than the usual has told; its process is this one."""
    running.tell(look_around({"PORT": "8123", "PROVIDER_PORT": "9123"}, tmp_path / "none"), tmp_path / "demo.json")
    return tmp_path / "demo.json"


def ended() -> int:
    """The process id of somebody who has ended."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_ports_of_the_running_service_are_found_without_naming_them(started, tmp_path):
    found = running.find({}, started, tmp_path / "none")
    assert (found.app_url, found.issuer) == ("http://localhost:8123", "http://127.0.0.1:9123/o")


def test_address_that_was_set_for_the_running_service_is_found_too(tmp_path):
    around = look_around({"APP_URL": "http://127.0.0.1:8124", "PROVIDER_PORT": "9124"}, tmp_path / "none")
    running.tell(around, tmp_path / "demo.json")
    assert running.find({}, tmp_path / "demo.json", tmp_path / "none").app_url == "http://127.0.0.1:8124"


@pytest.mark.parametrize(
    ("named", "app_url", "provider_port"),
    [
        ({"PORT": "8200"}, "http://localhost:8200", 9123),
        ({"PROVIDER_PORT": "9200"}, "http://localhost:8123", 9200),
        ({"PORT": "8200", "PROVIDER_PORT": "9200"}, "http://localhost:8200", 9200),
        ({"APP_URL": "http://localhost:8300"}, "http://localhost:8300", 9123),
    ],
)
def test_ports_that_are_named_are_taken(started, tmp_path, named, app_url, provider_port):
    found = running.find(named, started, tmp_path / "none")
    assert (found.app_url, found.provider_port) == (app_url, provider_port)


def test_file_of_a_run_that_was_cut_off_is_no_answer(started, tmp_path):
    started.write_text(json.dumps({**json.loads(started.read_text()), "pid": ended()}))
    with pytest.raises(SurroundingsError, match="cut off"):
        running.find({}, started, tmp_path / "none")


@pytest.mark.parametrize("left", ["", "[]", "{}", '{"pid": 1}'])
def test_without_a_readable_file_the_usual_ports_are_tried(tmp_path, left):
    (tmp_path / "demo.json").write_text(left)
    for file in (tmp_path / "demo.json", tmp_path / "none"):
        assert running.find({}, file, tmp_path / "none").app_url == "http://localhost:8000"


def test_it_is_taken_back_by_whoever_told_it(started):
    told = json.loads(started.read_text())
    started.write_text(json.dumps({**told, "pid": os.getppid()}))
    running.take_back(started)
    assert started.exists()
    started.write_text(json.dumps(told))
    running.take_back(started)
    assert not started.exists()


@pytest.mark.parametrize("module", ["demo.tour", "demo.token"])
def test_where_nothing_answers_the_address_and_the_remedy_are_told(module):
    ports = {"PORT": str(free_port()), "PROVIDER_PORT": str(free_port())}
    command = [sys.executable, "-m", module]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ports, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert ports["PROVIDER_PORT"] in done.stderr
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr
