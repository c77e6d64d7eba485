"""No docstring, comment or document sends its reader to a file that is not there."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator

import pytest

from tests.house import ROOT

LISTED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
FILES = [each for each in LISTED if (ROOT / each).is_file()]
# Names of files of ours; what a user is told to write stands in code blocks or is no file of a repository.
_FILE = re.compile(r"(?<![\w/.@:*-])((?:[\w.-]+/)*[\w-]+\.(?:md|py))(?![\w/])")
# The suffixes of one's own project in an example, and files that a foreign project has.
_ELSEWHERE = re.compile(r"\A(?:yourproject|shop|mysite)/")


def mentioned(text: str) -> Iterator[str]:
    yield from (found for found in _FILE.findall(text) if not _ELSEWHERE.match(found))


def prose(path: str) -> Iterator[tuple[int, str]]:
    """The lines of a document, or the docstrings and comments of a program, each with its line."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node, clean=False) or ""


def exists(name: str) -> bool:
    name = name.removeprefix("../")
    return any(known == name or known.endswith(f"/{name}") for known in FILES)


@pytest.mark.parametrize("path", [each for each in FILES if each.endswith((".py", ".md"))])
def test_what_is_mentioned_exists(path: str) -> None:
    missing = [(line, name) for line, text in prose(path) for name in mentioned(text) if not exists(name)]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("as the design says (DESIGN" + ".md, Data)", ["DESIGN" + ".md"]),
        ("see docs/user-pools.md and x/y" + ".py.", ["docs/user-pools.md", "x/y" + ".py"]),
        ("[README](../README.md#first)", ["../README.md"]),
        ("https://example.org/x/y.md, fairlead.web.views and *.py", []),
    ],
)
def test_a_file_is_recognised_in_a_sentence(text: str, names: list[str]) -> None:
    assert [*mentioned(text)] == names


def test_a_file_that_is_not_there_would_be_seen() -> None:
    assert exists("docs/user-pools.md")
    assert exists("../README.md")
    assert not exists("docs/nonsense" + ".md")
