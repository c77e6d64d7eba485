"""Findings as text for a console, and as JSON for programs. The JSON's names are promised: docs/operations.md."""

import json
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from fairlead.web.health.examinations import worst
from fairlead.web.health.findings import Finding, Verdict

_WIDTH = 110  # characters
_EXITS = {Verdict.OK: 0, Verdict.NOTE: 0, Verdict.WARNING: 1, Verdict.PROBLEM: 2}


def exit_status(findings: Sequence[Finding]) -> int:
    """0: well, notes included. 1: warnings. 2: problems."""
    return _EXITS[worst(findings)]


def lines(finding: Finding) -> str:
    """One finding, over several lines where it has more to say."""
    head = f"  {finding.verdict.value:<8}{finding.what}: {finding.text}"
    told = [head, *(f"          {label} {text}" for label, text in _more(finding) if text)]
    return "\n".join(
        textwrap.fill(each, _WIDTH, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False)
        for each in told
    )


def _more(finding: Finding) -> list[tuple[str, str]]:
    return [(gettext("Why:"), finding.why), (gettext("Do:"), finding.remedy)]


def count(findings: Sequence[Finding]) -> str:
    """The last line: how many of each."""
    counted = Counter(each.verdict for each in findings)
    problems, warnings = counted[Verdict.PROBLEM], counted[Verdict.WARNING]
    if not problems and not warnings:
        return ngettext("Well: {count} finding.", "Well: {count} findings.", len(findings)).format(count=len(findings))
    parts = [
        ngettext("{count} problem", "{count} problems", problems).format(count=problems),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
    ]
    return gettext("{problems}, {warnings}.").format(problems=parts[0], warnings=parts[1])


def document(findings: Sequence[Finding]) -> dict[str, Any]:
    counted = Counter(each.verdict for each in findings)
    return {
        "verdict": worst(findings).value,
        "counts": {verdict.value: counted[verdict] for verdict in Verdict},
        "findings": [
            {
                "area": each.area,
                "what": each.what,
                "verdict": each.verdict.value,
                "text": each.text,
                "why": each.why,
                "remedy": each.remedy,
            }
            for each in findings
        ],
    }


def as_json(findings: Sequence[Finding]) -> str:
    return json.dumps(document(findings), ensure_ascii=False, indent=2)
