"""The list of examinations, and how it is gone through. Each app adds its own in `ready()`.

    examinations.add("database", gettext_noop("Database"), database.look, rank=20)
    for finding in examinations.run(Asked(offline=True)): ...

An examination is a function of `Asked` that yields findings. It bounds its own time, asks nobody outside where
`Asked.offline` says so, and shows no secret; one that raises is a finding itself.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

from fairlead.registry import Registry
from fairlead.web.health import hidden
from fairlead.web.health.findings import Finding, Verdict, note, problem

log = logging.getLogger(__name__)
CHECKS = "checks"  # the area of the system checks


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be looked at. `provider` (a slug) or `pool` (an id) look at that one alone, enabled or not.

    `mail_to` is sent a mail. `until` is the monotonic time, in seconds, after which nothing outside is asked any more.
    """

    offline: bool = False
    provider: str = ""
    pool: str = ""
    mail_to: str = ""
    until: float = field(default_factory=lambda: time.monotonic() + 120)

    @property
    def late(self) -> bool:
        return time.monotonic() > self.until


@dataclass(frozen=True, kw_only=True)
class Examination:
    """`area` is its name in JSON, `title` for people. `outside`: it does nothing but ask others. `about` is the
    member of Asked that is about this one alone. `needs` is the area without which it can only fail."""

    area: str
    title: str
    look: Callable[[Asked], Iterable[Finding]]
    rank: int
    outside: bool = False
    about: str = ""
    needs: str = ""

    def is_wanted(self, asked: Asked) -> bool:
        if asked.provider or asked.pool:
            return bool(self.about and getattr(asked, self.about))
        return not (self.outside and asked.offline)


registry: Registry[Examination] = Registry()


def add(
    area: str,
    title: str,
    look: Callable[[Asked], Iterable[Finding]],
    *,
    rank: int,
    outside: bool = False,
    about: str = "",
    needs: str = "",
) -> None:
    """`rank` orders the report: settings 10, what we stand on 20 to 40, the outside 50, people 60, the wings 70."""
    made = Examination(area=area, title=title, look=look, rank=rank, outside=outside, about=about, needs=needs)
    registry.add(area, made)


def run(asked: Asked) -> list[Finding]:
    """All findings. Never raises."""
    return [finding for _, found in each(asked) for finding in found]


def each(asked: Asked) -> Iterator[tuple[Examination, Iterator[Finding]]]:
    """Every examination in its turn, with its findings as they come."""
    failed: set[str] = set()
    for examination in sorted(registry, key=lambda one: one.rank):
        if examination.is_wanted(asked):
            yield examination, _examined(examination, asked, failed)


def _examined(examination: Examination, asked: Asked, failed: set[str]) -> Iterator[Finding]:
    """A fault of the examination itself is a finding. `failed` are the areas with a problem so far."""
    if examination.needs in failed:
        failed.add(examination.area)
        text = gettext("Not looked at: {area} has a problem.").format(area=examination.needs)
        yield _told(note(gettext("This examination"), text), examination)
        return
    for finding in _looked(examination, asked, unreadable=CHECKS in failed):
        if finding.verdict is Verdict.PROBLEM:
            failed.add(examination.area)
        yield finding


def _looked(examination: Examination, asked: Asked, *, unreadable: bool = False) -> Iterator[Finding]:
    """`unreadable`: the system checks have told what is wrong with the settings, which need not be told again."""
    try:
        for finding in examination.look(asked):
            yield _told(finding, examination)
    except ImproperlyConfigured as fault:
        if not unreadable:
            yield _told(_unfinished(fault), examination)
            return
        text = gettext("Not looked at: {area} has a problem.").format(area=CHECKS)
        yield _told(note(gettext("This examination"), text), examination)
    except Exception as fault:  # the others are still looked at
        log.debug("an examination failed", exc_info=True)
        yield _told(_unfinished(fault), examination)


def _unfinished(fault: Exception) -> Finding:
    text = gettext("It could not be finished: {kind}: {fault}").format(
        kind=type(fault).__name__, fault=" ".join(str(fault).split())[:300]
    )
    remedy = gettext("What is named there has to be repaired first; then run this again.")
    return problem(gettext("This examination"), text, remedy)


def worst(findings: Iterable[Finding]) -> Verdict:
    return max((one.verdict for one in findings), key=lambda verdict: verdict.rank, default=Verdict.OK)


def _told(finding: Finding, examination: Examination) -> Finding:
    return replace(
        finding,
        area=examination.area,
        what=_shown(finding.what),
        text=_shown(finding.text),
        why=_shown(finding.why),
        remedy=_shown(finding.remedy),
    )


def _shown(text: str) -> str:
    """On one line, without secrets. A tenant names its pools, and does not write to an operator's terminal."""
    return "".join(each if each.isprintable() else " " for each in hidden.without_secrets(text))
