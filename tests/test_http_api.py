"""docs/http-api.md is compared with the OpenAPI document, and with the code: calls, members, codes, limits."""

import ast
import dataclasses
import re
from typing import Any

import pytest

from fairlead.conf import Conf, Rate
from fairlead.web.codes import CALLBACK_ONLY, TABLE
from tests import openapi
from tests.house import PACKAGES, ROOT

TEXT = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
ROWS = {
    (method, path): (asked, answered, refused)
    for method, path, asked, answered, refused in re.findall(
        r"^\| `([A-Z]+) (/[^`]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$", TEXT, re.MULTILINE
    )
}
CALLS = {(method, path): call for path, method, call in openapi.operations()}
every_call = pytest.mark.parametrize("call", sorted(CALLS), ids=" ".join)


def part(title: str) -> str:
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def members(schema: dict[str, Any]) -> dict[str, bool]:
    """Names, and whether they are required."""
    return {name: name in schema.get("required", ()) for name in schema["properties"]}


def written(text: str) -> dict[str, bool]:
    """The same of `{token, password?}`."""
    (inside,) = re.findall(r"`\{([^}]*)\}`", text)
    return {name.rstrip("?"): not name.endswith("?") for name in inside.split(", ")}


def named(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"[{named(schema['items'])}]"
    name: str = schema["$ref"].rsplit("/", 1)[1]
    return name


def codes_of(text: str) -> set[str]:
    """Codes of a cell; a word in italics stands for those of its row."""
    words = dict(re.findall(r"^\| \*([a-z ]+)\* \| (.+) \|$", part("In every call"), re.MULTILINE))
    found = set(re.findall(r"`([a-z_]+)`", text))
    for word in re.findall(r"\*([a-z ]+)\*", text):
        found |= codes_of(words[word])
    return found


def refused(call: dict[str, Any]) -> set[str]:
    return {
        code
        for status, response in call["responses"].items()
        if int(status) >= 400
        for code in response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"]
    }


def test_every_call_stands_in_the_page_and_no_other() -> None:
    assert set(ROWS) == set(CALLS)


@every_call
def test_what_a_call_takes_is_told(call: tuple[str, str]) -> None:
    told, body = ROWS[call][0], CALLS[call].get("requestBody")
    if body is not None:
        (content,) = body["content"].values()
        assert written(told) == members(openapi.document()["components"]["schemas"][named(content["schema"])])
        return
    query = {each["name"] for each in CALLS[call].get("parameters", ()) if each["in"] == "query"}
    assert set(re.findall(r"\w+", told)) == query


@every_call
def test_what_a_call_answers_is_told(call: tuple[str, str]) -> None:
    good = {status: each for status, each in CALLS[call]["responses"].items() if int(status) < 400}
    told = ROWS[call][1]
    assert re.findall(r"\b\d{3}\b", told) == list(good)
    for response in good.values():
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            assert "`" not in told
        elif "properties" in schema:
            assert written(told) == members(schema)
        else:
            assert f"`{named(schema)}`" in told


@every_call
def test_with_what_a_call_is_refused_is_told(call: tuple[str, str]) -> None:
    assert codes_of(f"{ROWS[call][2]} *every call*") == refused(CALLS[call])


def test_every_shape_is_told_with_its_members() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (`\{.*\}`) \|$", part("Shapes"), re.MULTILINE))
    taken = {
        named(content["schema"])
        for call in CALLS.values()
        for content in call.get("requestBody", {"content": {}})["content"].values()
    }
    schemas = openapi.document()["components"]["schemas"]
    assert set(told) == {name for name, each in schemas.items() if "properties" in each} - taken
    assert {name: written(cell) for name, cell in told.items()} == {name: members(schemas[name]) for name in told}


def test_every_code_is_told_with_its_status() -> None:
    told = {
        code: status
        for status, cell in re.findall(r"^\| (\d{3}|redirect) \| (.+) \|$", part("Codes"), re.MULTILINE)
        for code in re.findall(r"`(\w+)`", cell)
    }
    assert told == {code: str(each.status) for code, each in TABLE.items()} | dict.fromkeys(CALLBACK_ONLY, "redirect")


def test_what_no_call_answers_with_yet_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", part("Codes").partition("Kept for organizations")[2]))
    unused = set(TABLE) - set().union(*map(refused, CALLS.values()))
    assert told == unused - {"method_not_allowed"}


def limit_of(node: ast.expr, module: ast.Module) -> tuple[str, Rate]:
    """The setting that says it and its default, or no setting and a limit of the module's own."""
    if isinstance(node, ast.Constant):
        (default,) = (each.default for each in dataclasses.fields(Conf) if each.name == node.value)
        return str(node.value).upper(), Rate(default)
    (own,) = (
        each.value
        for each in module.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == ast.unparse(node)
    )
    return "", Rate(ast.literal_eval(own.args[0]))  # type: ignore[attr-defined]


def test_the_limits_are_those_of_the_code() -> None:
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(module):
                if isinstance(node, ast.Call) and re.search(r"\b(per_network|hit)$", ast.unparse(node.func)):
                    many = [ast.literal_eval(each.value) for each in node.keywords] or [1]
                    name, at = limit_of(node.args[-1], module)
                    found.add((ast.literal_eval(node.args[0]), at.times * many[0], at.seconds, name))
    told = re.findall(
        r"^\| `([\w -]+)` \| .+ \| (\d+) in (\d+) s(?:, (?:four times )?`(\w+)`)? \|$", part("Limits"), re.MULTILINE
    )
    assert {(scope, int(times), int(seconds), name) for scope, times, seconds, name in told} == found
