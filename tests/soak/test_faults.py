"""Each fault once under a mixed load: nothing acknowledged is lost or doubled, nothing that has ended works again."""

from pathlib import Path

import pytest

from tests.soak import faults
from tests.soak.run import run
from tests.soak.stage import Stage

pytestmark = [pytest.mark.servers, pytest.mark.alone]


def test_nothing_acknowledged_is_lost_around_any_fault(tmp_path: Path) -> None:
    told: list[str] = []
    with Stage(tmp_path) as stage:
        record = run(stage, faults.few(stage), say=told.append)
    assert record.wrongs == [], "\n".join([*told, record.table()])
    for fault in faults.few(stage):
        # A fault that nobody met shows nothing.
        assert record.tallies[fault.name].asked > 0, fault.name
