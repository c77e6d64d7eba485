"""Each code with what the person is told and the causes behind it: for /problems and the documents, from one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fairlead.causes import OF_PROGRAMS, PERSON, TABLE, Message, Sentences
from fairlead.web import codes as answers

_FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A code, untranslated. `status` is `redirect` where only a callback's redirect carries it."""

    code: str
    status: str
    title: str
    when: str
    told: Message | None
    """None for codes that no page shows."""
    of_programs: bool
    """Answered to programs: what a person reads says no more than that their app has to be mended."""
    causes: Mapping[str, Sentences]
    """By the cause's id."""


def codes() -> list[Explained]:
    """All codes, in the order of their table, then those of the callback."""
    rows = [(code, str(each.status), each.title, each.when) for code, each in answers.TABLE.items()]
    rows += [(code, "redirect", PERSON[code].title, when) for code, when in answers.AT_CALLBACK.items()]
    return [
        Explained(
            code=code,
            status=status,
            title=title,
            when=when,
            told=PERSON.get(code),
            of_programs=code in OF_PROGRAMS or code not in PERSON,
            causes={name: each for name, each in TABLE.items() if each.code == code and name != "code.another"},
        )
        for code, status, title, when in rows
    ]


def pieces(sentence: str) -> list[tuple[str, bool]]:
    """The sentence cut at its facts: text, and whether it names a fact that a cause fills in."""
    cut = _FACT.split(sentence)
    return [(text.replace("_", " ") if at % 2 else text, bool(at % 2)) for at, text in enumerate(cut) if text]
