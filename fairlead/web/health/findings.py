"""One line of a report about this installation: what was looked at, how it is, why, and what to do next."""

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_noop


class Verdict(Enum):
    """In rising order. The value is what reports in JSON say."""

    OK = gettext_noop("ok")
    NOTE = gettext_noop("note")
    WARNING = gettext_noop("warning")
    PROBLEM = gettext_noop("problem")

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`text` says how it is, `why` what that leads to, `remedy` the setting to change or the party to turn to.

    No member ever holds a secret. `area` is filled in by whoever runs the examination.
    """

    what: str
    verdict: Verdict
    text: str
    why: str = ""
    remedy: str = ""
    area: str = ""


def good(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.OK, text=text)


def note(what: str, text: str, remedy: str = "", *, why: str = "") -> Finding:
    return Finding(what=what, verdict=Verdict.NOTE, text=text, why=why, remedy=remedy)


def warning(what: str, text: str, remedy: str, *, why: str = "") -> Finding:
    return Finding(what=what, verdict=Verdict.WARNING, text=text, why=why, remedy=remedy)


def problem(what: str, text: str, remedy: str, *, why: str = "") -> Finding:
    return Finding(what=what, verdict=Verdict.PROBLEM, text=text, why=why, remedy=remedy)
