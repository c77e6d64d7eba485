"""docs/troubleshooting.md: the tables of codes and causes by what one sees, for whoever has to help."""

from collections.abc import Iterator

from config.explained import Explained
from config.markdown import sentence
from fairlead.causes import OF_PROGRAMS, PERSON, TABLE, Message

_BEGIN = """\
# Troubleshooting

By what one sees. Written by `make docs` from `fairlead/causes.py` and `fairlead/web/codes.py`, as are the pages
themselves.

* **There is an error id** (on the page, in `error_id` of a redirect, in `requestId` of an answer): search for it in the
  administration, under Refusals ([administration.md](administration.md#somebody-cannot-get-in)). The row names one
  cause, which [the last list](#the-log-or-the-record-names-a-cause) has too.
* **There is none, or it is about everybody**: `python manage.py doctor` looks at settings, database, secrets, cache,
  mail, the address that people use, providers and pools, and says of each fault which setting to change
  ([operations.md](operations.md#what-is-wrong)).
* **One provider fails**: Providers, Test in the administration, then the dry sign-in ([providers.md](providers.md)).
* **A page says that something went wrong on our side**: a fault of ours; its id leads to the log line.

*Italics* stand for what the log line or the page fills in.

## A page says

The heading is what the person reads. What they are told comes first, then what can be behind it, for whoever runs the
service.
"""
_APP = """
## An app or a program is answered

The `code` of the problem document, and what to look for. Where an app sends people to `/login` with such a code, they
read: "{title}. {remedy}" `POST /org/verifyToken` with `"explain": true` takes a token apart
([user-pools.md](user-pools.md)).

| code | status | what to look for |
|---|---|---|
"""
_CAUSES = """
## The log or the record names a cause

`cause` of a log line, and the cause of a refusal in the administration. Where trying again is no use, it stays as it
is until somebody changes something.

| cause | code | what it says | trying again |
|---|---|---|---|
"""


def document(every: list[Explained]) -> str:
    pages = (line for each in every if each.told and not each.of_programs for line in _page(each, each.told))
    app = PERSON[OF_PROGRAMS[0]]
    return "".join(
        (
            _BEGIN,
            *(f"{line}\n" for line in pages),
            _APP.format(title=app.title, remedy=app.remedy),
            *(_answer(each) for each in every if each.of_programs),
            _CAUSES,
            *(_cause(name) for name in sorted(TABLE)),
        )
    )


def _page(each: Explained, told: Message) -> Iterator[str]:
    yield from ("", f"### {told.title}", "", f"> {told.cause} {told.remedy} {told.in_an_app}".rstrip(), "")
    yield from (f"* {sentence(found.operator)}" for found in each.causes.values())
    yield from ("", f"Code: {_linked(each.code)}.")


def _answer(each: Explained) -> str:
    said = "<br>".join(sentence(found.operator) for found in each.causes.values()) or each.when
    return f"| `{each.code}` | {each.status} | {said} |\n"


def _cause(name: str) -> str:
    found = TABLE[name]
    return f"| `{name}` | {_linked(found.code)} | {sentence(found.operator)} | {'no use' if found.lasting else ''} |\n"


def _linked(code: str) -> str:
    return f"[`{code}`](error-codes.md#{code})"
