"""Lines of a report about a provider."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    GOOD = "good"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do where it is not well."""

    what: str
    verdict: Verdict
    text: str
    remedy: str = ""


def good(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.GOOD, text=text)


def failed(what: str, text: str, remedy: str) -> Finding:
    return Finding(what=what, verdict=Verdict.FAILED, text=text, remedy=remedy)
