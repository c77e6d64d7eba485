"""How the packages read: read off their syntax trees, so that no new file is forgotten."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT, sources

# Where the standards have a word, it is that word: authorization request, callback, exchange code, session.
FORBIDDEN = {"trip", "wish", "depart", "arrival", "ending", "holdings", "stranger", "judge", "takeover"}
LONGEST = 200  # lines
# Tables: nothing in them is read from top to bottom, and one half of each would be no easier to read.
TABLES = {
    "config/settings.py",
    "fairlead/causes.py",
    "fairlead/conf.py",
    "fairlead/web/codes.py",
    "oidc_login/admin/presets.py",
}
FILES = [*sources()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def words(name: str) -> set[str]:
    """The words of an identifier: `authorizeRequest_now` is authorize, request, now."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def identifiers(tree: ast.AST) -> Iterator[str]:
    """What this file names. Keywords of calls are the called one's to name."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (name, other or "")
            case ast.ImportFrom(module=module):
                yield module or ""
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name


def passes_on(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the whole body hands the function's own parameters, all of them and nothing else, to another call."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if len(body) != 1 or not isinstance(body[0], ast.Return | ast.Expr):
        return False
    call = body[0].value.value if isinstance(body[0].value, ast.Await) else body[0].value
    if not isinstance(call, ast.Call):
        return False
    owned = function.args
    own = [each.arg for each in (*owned.posonlyargs, *owned.args, *owned.kwonlyargs, owned.vararg, owned.kwarg) if each]
    given = [each.value if isinstance(each, ast.Starred) else each for each in call.args]
    given += [each.value for each in call.keywords]
    names = [each.id for each in given if isinstance(each, ast.Name)]
    wanted = [each for each in own if each not in {"self", "cls"}]
    return bool(wanted) and len(names) == len(given) and sorted(names) == sorted(wanted)


def functions(tree: ast.Module) -> Iterator[tuple[str | None, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Each function of a module or a class of it, with the class's name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield None, node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (node.name, each) for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            )


def protocols() -> set[str]:
    """Names of methods that a Protocol of ours asks for: who keeps one cannot choose them."""
    found: set[str] = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases):
                found |= {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def named_by_somebody_else(path: Path, owner: str | None, function: str) -> bool:
    """An override, a method of a protocol, or one that a framework calls by its name."""
    if owner is None:
        return False
    if function.startswith("__") or function in protocols() or re.fullmatch(r"has_\w+_permission", function):
        return True
    module = importlib.import_module(named(path).removesuffix(".py").replace("/", "."))
    of: Any = getattr(module, owner)
    return any(function in vars(base) for base in inspect.getmro(of)[1:])


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_identifier_is_one_of_the_words_that_have_a_better_one(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert {name for name in {*identifiers(tree), path.stem} if FORBIDDEN & words(name)} == set()


def test_no_file_is_longer_than_two_hundred_lines_but_the_tables() -> None:
    long = {named(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST}
    assert long - TABLES == set()
    assert {name for name in TABLES if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_function_only_passes_its_parameters_on(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        (owner, function.name)
        for owner, function in functions(tree)
        if passes_on(function) and not named_by_somebody_else(path, owner, function.name)
    ]
    assert found == []


@pytest.mark.parametrize(
    "dotted",
    [
        "oidc_login.flow.callback.complete",
        "oidc_login.flow.authorization_request.AuthorizationRequest",
        "oidc_login.flow.provisioning.provision",
    ],
)
def test_the_standards_words_find_the_place(dotted: str) -> None:
    module, _, name = dotted.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("def judge_it(): ...", True),
        ("class LoginTrip: ...", True),
        ("x.takeOver", False),
        ("x.takeover_at = 1", True),
        ("def f(stranger): ...", True),
        ("from x import wish as y", True),
        ("import depart", True),
        ("def f():\n    global ending", True),
        ("write('x', ending='')", False),
        ("strip = departure = 1", False),
    ],
)
def test_a_forbidden_word_is_seen_wherever_it_stands(source: str, seen: bool) -> None:
    assert bool([name for name in identifiers(ast.parse(source)) if FORBIDDEN & words(name)]) is seen


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("def f(a):\n    return g(a)", True),
        ("def f(a, *, b):\n    '''Says something.'''\n    g(b, x=a)", True),
        ("async def f(*a, **k):\n    return await g(*a, **k)", True),
        ("def f(self, a):\n    return self.x.g(a)", True),
        ("def f(a):\n    return g(a, 1)", False),
        ("def f(a, b):\n    return g(a)", False),
        ("def f():\n    return g()", False),
        ("def f(a):\n    h()\n    return g(a)", False),
        ("def f(a):\n    return g(a.b)", False),
    ],
)
def test_a_function_that_passes_on_is_seen(source: str, seen: bool) -> None:
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    assert passes_on(function) is seen
