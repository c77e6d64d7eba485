"""What is counted, by itself: its labels stay few and tell of nobody, and it works without the library."""

import importlib
import sys
import uuid

import pytest
from prometheus_client import REGISTRY

from fairlead import metrics
from fairlead.metrics import OTHER, Counter, Duration, Gauge, HotCounter


class Refused(Exception):
    outcome = "unusable"


def named(kind: str) -> str:
    return f"test_{kind}_{uuid.uuid4().hex}_total"


@pytest.fixture
def counter():
    name = named("counter")
    yield Counter(name, "For a test", ("door", "code"))
    metrics.names.discard(name)


def values_of(metric) -> dict[tuple[str, ...], float]:
    (family,) = metric._all.collect()
    return {tuple(each.labels.values()): each.value for each in family.samples if not each.name.endswith("_created")}


def test_words_are_counted_as_they_are(counter):
    for code in ("ok", "ok", "wrong_issuer"):
        counter.count("app", code)
    assert values_of(counter) == {("app", "ok"): 2, ("app", "wrong_issuer"): 1}


@pytest.mark.parametrize(
    "value",
    [
        "person@example.org",
        "Person",
        "",
        "a b",
        "x" * 41,
        "0b9a1c7e-2f0e-4f4b-9c55-0d5b0f9f7f10",
        "a" * 32,
        "Ab.Cd",
        "7",
    ],
)
def test_what_is_no_word_of_ours_is_another(counter, value):
    counter.count("app", value)
    counter.count("app", value)
    assert values_of(counter) == {("app", OTHER): 2}


def test_on_a_hot_path_it_is_told_in_rounds(monkeypatch):
    name = named("hot")
    hot = HotCounter(name, "For a test", ("door", "code"))
    metrics.names.discard(name)
    hot.count("app", "ok")
    hot.in_rounds = True
    monkeypatch.setattr(metrics, "token_verdicts", hot)
    for code in ("ok", "ok", "person@example.org"):
        hot.count("app", code)
    assert values_of(hot) == {("app", "ok"): 1}
    for _ in range(2):
        metrics.sample()
        assert values_of(hot) == {("app", "ok"): 3, ("app", OTHER): 1}
    monkeypatch.setattr(metrics, "MOST", 2)
    hot.count("app", "expired")
    assert values_of(hot)["app", "expired"] == 1


def test_no_metric_has_more_values_than_it_may(counter, monkeypatch):
    monkeypatch.setattr(metrics, "MOST", 3)
    for number in range(10):
        counter.count("app", f"code_{number}")
    assert len(values_of(counter)) == 4
    assert values_of(counter)[OTHER, OTHER] == 7
    # Who was known before is known on.
    counter.count("app", "code_0")
    assert values_of(counter)["app", "code_0"] == 2


def test_a_call_is_timed_under_how_it_came_out():
    name = named("duration")
    duration = Duration(name, "For a test", ("purpose", "outcome"))
    with duration.timed("keys"):
        pass
    for error in (Refused, KeyError):
        with pytest.raises(error), duration.timed("keys"):
            raise error
    found = {
        outcome: REGISTRY.get_sample_value(f"{name}_count", {"purpose": "keys", "outcome": outcome})
        for outcome in ("answered", "unusable", "failed")
    }
    metrics.names.discard(name)
    assert found == {"answered": 1, "unusable": 1, "failed": 1}


def test_how_full_it_is_is_looked_up_when_asked(monkeypatch):
    monkeypatch.setattr(metrics, "occupied", {"tests": lambda: metrics.Occupancy(taken=2, most=3, waiting=1)})
    monkeypatch.setattr(metrics, "open_breakers", lambda: 4)
    metrics.sample()
    found = [
        REGISTRY.get_sample_value(name, {"kind": "tests"})
        for name in ("fairlead_places_taken", "fairlead_places", "fairlead_places_waiting")
    ]
    assert found == [2, 3, 1]
    assert REGISTRY.get_sample_value("fairlead_breakers_open") == 4


def test_without_the_library_nothing_is_counted_and_nothing_fails(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    spec = importlib.util.find_spec("fairlead.metrics")
    bare = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bare_metrics", bare)
    spec.loader.exec_module(bare)
    assert bare.prometheus_client is None
    bare.token_verdicts.count("app", "ok")
    bare.refresh_reused.count()
    with bare.outbound.timed("keys"):
        pass
    with pytest.raises(KeyError), bare.outbound.timed("keys"):
        raise KeyError
    bare.sample()
    assert isinstance(bare.places, bare.Gauge)
    assert Gauge is not bare.Gauge
