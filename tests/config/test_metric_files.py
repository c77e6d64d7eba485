"""The folder in which the processes of one server count: a fresh one for each, and few files in it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector

from config import metric_files

KEY = mmap_key("fairlead_x", "fairlead_x_total", ["code"], ["ok"], "For a test")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(metric_files, "_begun", None)


def folders(tmp_path: Path) -> list[str]:
    return sorted(each.name for each in tmp_path.glob("fairlead-metrics-*"))


def write(pid: int, kind: str, value: float) -> Path:
    path = metric_files._begun / f"{kind}_{pid}.db"
    held = MmapedDict(str(path))
    held.write_value(KEY, value, 0.0)
    held.close()
    return path


def counted() -> float:
    with metric_files.unchanged() as folder:
        (family,) = MultiProcessCollector(None, str(folder)).collect()
    return family.samples[0].value


def test_each_master_has_a_fresh_folder_that_nobody_else_reads(tmp_path):
    first = metric_files.begin()
    assert list(first.iterdir()) == []
    assert first.stat().st_mode & 0o077 == 0
    assert metric_files.begin() != first
    metric_files.end()
    assert folders(tmp_path) == [first.name]


def test_what_a_killed_master_left_goes_and_nothing_else(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"fairlead-metrics-{gone.pid}-x", f"fairlead-metrics-{os.getpid()}-y", "fairlead-metrics-mine"):
        (tmp_path / name).mkdir()
    (tmp_path / f"fairlead-metrics-{gone.pid}-link").symlink_to(tmp_path / "fairlead-metrics-mine")
    begun = metric_files.begin().name
    kept = ["fairlead-metrics-mine", f"fairlead-metrics-{os.getpid()}-y", f"fairlead-metrics-{gone.pid}-link", begun]
    assert folders(tmp_path) == sorted(kept)


def test_what_a_worker_counted_stays_counted_when_it_is_gone(tmp_path):
    metric_files.begin()
    for pid in range(900_001, 900_021):
        write(pid, "counter", 2.0)
        held = write(pid, "gauge_livesum", 7.0)
        metric_files.ended(pid)
        assert not held.exists()
    write(900_099, "counter", 1.0)
    assert counted() == 41
    left = sorted(each.name for each in metric_files._begun.iterdir())
    assert left == ["counter_900099.db", "counter_ended.db", "lock"]


def test_a_worker_that_counted_nothing_leaves_nothing():
    metric_files.begin()
    metric_files.ended(900_001)
    assert [each.name for each in metric_files._begun.iterdir()] == ["lock"]


def test_a_file_that_cannot_be_read_stays_and_stops_nobody(caplog):
    metric_files.begin()
    broken = metric_files._begun / "counter_900001.db"
    broken.write_bytes(b"\xff\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00" + b"x" * 300)
    metric_files.ended(900_001)
    assert broken.exists()
    assert "stays in its own files" in caplog.text


def test_without_a_folder_there_is_nothing_to_hold():
    metric_files.ended(900_001)
    metric_files.end()
    with metric_files.unchanged() as folder:
        assert folder is None
