"""The metrics and alerts of docs/operations.md are those that there are, in both directions."""

import re

import yaml

from config import scrape
from fairlead import metrics
from tests.house import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus-rules.yaml").read_text(encoding="utf-8"))
_ENDINGS = re.compile(r"_(?:count|sum|bucket)$")
# Prometheus' own.
_FOREIGN = {"up"}


def told() -> dict[str, list[str]]:
    """The metrics of the page's table, each with its labels."""
    rows = re.findall(r"^\| `(fairlead_\w+)` \| *([\w, ]*?) *\| \S.* \|$", PAGE, re.MULTILINE)
    return {name: [each for each in labels.split(", ") if each.strip()] for name, labels in rows}


def rules() -> list[dict]:
    (group,) = RULES["groups"]
    return group["rules"]


def anchors() -> set[str]:
    part = PAGE.partition("## When an alert fires")[2].partition("\n## ")[0]
    return {each.lower().replace(" ", "-") for each in re.findall(r"^### (.+)$", part, re.MULTILINE)}


def test_the_page_lists_every_metric_with_its_labels():
    assert scrape.READY in metrics.names
    assert set(told()) == metrics.names
    for each in vars(metrics).values():
        if isinstance(each, metrics._Metric) and each._all is not None:
            assert told()[each._all._name + ("_total" if isinstance(each, metrics.Counter) else "")] == list(
                each._labels
            )


def test_the_rules_ask_for_metrics_labels_and_values_that_there_are():
    for rule in rules():
        named = set(re.findall(r"\b(fairlead_\w+|up)\b", rule["expr"].replace('job="fairlead"', "")))
        assert named, rule["alert"]
        assert {_ENDINGS.sub("", each) for each in named} - _FOREIGN <= metrics.names, rule["alert"]
        for name, asked in re.findall(r"(fairlead_\w+)\{([^}]*)\}", rule["expr"]):
            labels = re.findall(r"(\w+)=~?\"", asked)
            assert set(labels) <= set(told()[_ENDINGS.sub("", name)]), rule["alert"]
        for value in re.findall(r"\w+=~?\"([^\"]+)\"", rule["expr"].replace('job="fairlead"', "")):
            assert all(f"`{each}`" in PAGE for each in value.split("|")), value


def test_each_alert_says_what_is_wrong_and_where_to_read_on():
    pointed = []
    for rule in rules():
        assert re.fullmatch(r"Fairlead[A-Z]\w+", rule["alert"])
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
        pointed += re.findall(r"docs/operations\.md#([a-z-]+)", rule["annotations"]["runbook"])
    assert len(pointed) == len(rules())
    assert set(pointed) == anchors()


def test_every_expression_closes_what_it_opens():
    for rule in rules():
        for opening, closing in ("()", "{}", "[]"):
            assert rule["expr"].count(opening) == rule["expr"].count(closing), rule["alert"]
