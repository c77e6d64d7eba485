"""What the report makes of runs, and what a peer's call survives on its way between two processes."""

import pytest

from bench import report, results
from bench.results import Row
from bench.served import calls, rounds, rows
from bench.served.calls import Call
from bench.served.rounds import Measured
from bench.served.wrk import Figures
from bench.targets import TARGETS, By


def test_the_runs_of_all_commands_are_put_together(tmp_path):
    results.write([Row(part="T1.rs256", measured=1.5, peers={"PyJWT": 4.0})], file=tmp_path / "bench.json")
    others = [Row(part="T1.rs256", measured=1.7, peers={"joserfc": 2.4}), Row(part="T17.served", measured=0.85)]
    results.write(others, file=tmp_path / "bench-peers.json", idle=False)
    found, runs = report.gathered(tmp_path)
    by_part = {row.part: row for row in found}
    assert by_part["T1.rs256"].measured == 1.5, "the run that the part is for counts"
    assert by_part["T1.rs256"].peers == {"PyJWT": 4.0, "joserfc": 2.4}
    assert by_part["T17.served"].measured == 0.85
    assert set(runs) == {By.BENCH, By.PEERS}


def test_the_report_has_every_target_and_names_machine_load_and_what_is_missing(tmp_path):
    results.write([Row(part="T2.again", measured=2.0)], file=tmp_path / "bench.json")
    served = {"gthread, 1 worker, sqlite": {"knox": {"per_second": 400.0, "cpu": 2.5}}}
    results.write([], file=tmp_path / "bench-peers.json", idle=False, served=served)
    text = "\n\n".join(report.sections(*report.gathered(tmp_path)))
    for name in TARGETS:
        assert f"| **{name}** |" in text
    assert "cores" in text
    assert "which had other work" in text
    assert "`make bench-growth`: not measured" in text
    assert "| a token that was verified before | 2 us | 3 | 1.5 |  | yes |" in text
    assert "| knox | 400 (2.50) |" in text


def test_the_report_replaces_what_it_wrote_before_and_nothing_else():
    page = report.PAGE.read_text(encoding="utf-8")
    once = report.replaced(page, "figures")
    assert report.replaced(once, "figures") == once
    assert once.startswith(page.partition("<!-- begin")[0])
    with pytest.raises(ValueError, match="marks"):
        report.replaced("a page without marks", "figures")


def test_a_call_comes_home_from_another_process_as_it_was():
    made = {"a call": Call(path="/x", headers={"A": "b"}, chained=("refresh", ("1", "2"))), "another": Call(path="/y")}
    assert calls.loads(calls.dumps(made)) == made


def _measured(*per_second: int) -> Measured:
    return Measured(
        tuple(
            Figures(requests=each, seconds=1, p50=1, p99=2, slowest=3, refused=0, broken=0, cpu=0.5)
            for each in per_second
        )
    )


def test_a_ratio_is_taken_round_by_round():
    found, spread = rounds.ratio(_measured(100, 300, 200), _measured(100, 100, 100))
    assert (found, spread) == (2.0, (1.0, 3.0))


def test_targets_beside_peers_come_from_the_calls_that_they_name():
    measured = {name: _measured(100) for pair in rows.RATIOS.values() for name in pair}
    found = rows.of(measured)
    assert {row.part for row in found} == set(rows.RATIOS)
    assert all(row.measured == 1.0 for row in found)
    assert rows.of({"knox": _measured(100)}) == []
