"""Whatever a person can read is marked for translation: the places in Python where sentences stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("fairlead", "accounts", "oidc_login", "userpools", "sdkclients", "config")
# Read by developers and operators at a console, or in the OpenAPI document: English.
NOT_READ = {"migrations", "management", "serializers.py", "schema.py", "shapes.py", "checks.py", "conf.py"}
# No Django there: what a person reads of it comes from a table above it, or is a token's reason for a program.
NO_DJANGO = {"fairlead/refusal.py", "fairlead/idtokens/errors.py"}
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if not NOT_READ & set(path.parts) and str(path.relative_to(ROOT)) not in NO_DJANGO
)
ARGUMENTS = {"label", "help_text", "verbose_name", "verbose_name_plural"}
ATTRIBUTES = {"detail", "verbose_name", "verbose_name_plural", "short_description", "index_title"}
SENTENCES = {
    "Message": {"title", "cause", "remedy", "in_an_app"},
    "Sentences": {"person", "developer", "operator"},
    "Preset": {"steps", "quirks"},
    "Finding": {"what", "text", "why", "remedy"},
    "display": {"description"},
    "action": {"description"},
}
# Calls whose positional argument is shown, by its place.
SHOWN = {
    "message_user": 1,
    "done": 0,
    "add_error": 1,
    "ValidationError": 0,
    "good": 1,
    "note": 1,
    "warning": 1,
    "problem": 1,
    "Problem": 1,
}


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _bare(node: ast.AST | None) -> Iterator[str]:
    """Strings of an expression that hold words and stand in no call."""
    match node:
        case ast.Constant(value=str() as text) if re.search("[A-Za-z]{2}", text):
            yield text
        case ast.JoinedStr(values=values):
            for each in values:
                yield from _bare(each)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _bare(body)
            yield from _bare(orelse)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for each in elements:
                yield from _bare(each)


def _of_call(node: ast.Call) -> Iterator[str]:
    name = _name(node.func)
    for each in node.keywords:
        if each.arg in ARGUMENTS | SENTENCES.get(name, set()):
            yield from _bare(each.value)
    shown = SHOWN.get(name)
    if name in {"success", "error", "info", "warning"} and _name(getattr(node.func, "value", node)) == "messages":
        shown = 1
    if shown is not None and len(node.args) > shown and not isinstance(node.args[shown], ast.JoinedStr):
        yield from _bare(node.args[shown])


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    choices = {_name(base) for base in node.bases} & {"TextChoices", "IntegerChoices"}
    for each in node.body:
        if not isinstance(each, ast.Assign):
            continue
        name = _name(each.targets[0])
        if name in ATTRIBUTES:
            yield from _bare(each.value)
        elif name in {"fieldsets", "add_fieldsets"} and isinstance(each.value, ast.Tuple | ast.List):
            for part in each.value.elts:
                if isinstance(part, ast.Tuple):
                    yield from _bare(part.elts[0])
        elif choices and isinstance(each.value, ast.Tuple):
            yield from _bare(each.value.elts[-1])


def unmarked(source: str) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += _of_call(node)
        elif isinstance(node, ast.ClassDef):
            found += _of_class(node)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_escapes_translation(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_value_is_filled_in_after_translation(path):
    """`gettext(f"...")` looks for a sentence that no catalog can hold."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    asked = [node for node in calls if re.fullmatch("_|n?gettext(_lazy|_noop)?", _name(node.func)) and node.args]
    assert not [node.lineno for node in asked if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)]


@pytest.mark.parametrize(
    "source",
    [
        'forms.CharField(label="Bare")',
        'class A:\n    detail = "Bare."',
        'class Meta:\n    verbose_name = "bare"',
        'class A(models.TextChoices):\n    B = "b", "bare"',
        'class A:\n    fieldsets = [("Bare", {"fields": []})]',
        'messages.success(request, "Bare.")',
        'self.message_user(request, "Bare." if one else _("Marked."))',
        '@admin.display(description="bare")\ndef a(): ...',
        'Sentences(code="x", operator="Bare.")',
        'Message(title="Bare")',
        'Problem(400, "Bare", "when")',
    ],
)
def test_each_kind_of_bare_sentence_is_found(source):
    assert len(unmarked(source)) == 1
