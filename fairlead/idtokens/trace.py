"""Reporting what the verifier sees, step by step: the "explain this token" tool.

The verifier runs the same code with and without a Trace. Without, the first fault raises. With one, faults are noted,
the remaining steps still run, and the first fault is raised at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fairlead.idtokens.errors import RefusalCode, TokenRefused


class StepName(StrEnum):
    FORMAT = "format"
    TYPE = "type"
    ALGORITHM = "algorithm"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIMES = "times"
    CLAIMS = "claims"
    KEY = "key"
    SIGNATURE = "signature"


class Outcome(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One check: what was seen, and for a failed one its code and what to change to make it pass."""

    name: StepName
    outcome: Outcome
    text: str
    code: str | None = None
    remedy: str | None = None


@dataclass(kw_only=True)
class Trace:
    """Collects the steps of one verification."""

    steps: list[Step] = field(default_factory=list)
    refusal: TokenRefused | None = None

    def ok(self, name: StepName, text: str) -> None:
        """Note a check that passed, or what was seen."""
        self.steps.append(Step(name=name, outcome=Outcome.OK, text=text))

    def skipped(self, names: Sequence[StepName], text: str) -> None:
        """Note checks that did not take place, and why."""
        self.steps += [Step(name=name, outcome=Outcome.SKIPPED, text=text) for name in names]

    def failed(self, name: StepName, refusal: TokenRefused, remedy: str | None) -> None:
        """Note a fault; the first one is the verdict."""
        self.refusal = self.refusal or refusal
        self.unusable(name, refusal.detail, code=refusal.code, remedy=remedy)

    def unusable(self, name: StepName, text: str, *, code: RefusalCode | str, remedy: str | None = None) -> None:
        """Note a fault that is not the token's."""
        self.steps.append(Step(name=name, outcome=Outcome.FAILED, text=text, code=code, remedy=remedy))
