"""Why something was refused: `Cause(id, code, facts)`, and the one table of its sentences.

Where a fault is known, a cause is made, and everybody renders from it: page, problem document, log, record, provider
test, dry sign-in, doctor, docs. Facts are short values (a claim's name, a status, a setting's key), never tokens,
whole claims or an upstream's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Fact = str | int | bool


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What each reader is told, filled with the cause's facts. Settings are named to the operator alone."""

    code: str
    person: str = ""
    developer: str = ""
    operator: str = ""


@dataclass(frozen=True)
class Cause:
    """`id` names the fault and `code` the answer's code: one code has many causes."""

    id: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.id} ({said})" if said else self.id

    @property
    def operator(self) -> str:
        return _filled(TABLE[self.id].operator, self)

    @property
    def developer(self) -> str:
        return _filled(TABLE[self.id].developer or TABLE[self.id].operator, self)


def cause(cause_id: str, **facts: Fact) -> Cause:
    """A cause of the table. Raises KeyError for an id that is not there."""
    return Cause(cause_id, TABLE[cause_id].code, MappingProxyType(facts))


def _filled(sentence: str, of: Cause) -> str:
    return sentence.format(**of.facts)


TABLE: dict[str, Sentences] = {}
