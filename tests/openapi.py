"""Comparing answers with the OpenAPI document: status, media type, headers and body must be as declared."""

import json
import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

# What is served beside the API under its prefix.
NOT_THE_API = ("/api/docs", "/api/schema")


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of every call."""
    return [
        (path, method.upper(), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [
        (
            re.compile(re.sub(r"\{[^}]+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + r"\Z"),
            methods,
        )
        for path, methods in sorted(document()["paths"].items(), key=lambda item: "{" in item[0])
    ]


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation of this call, None where the document has none."""
    bare = path.partition("?")[0]
    found = next((methods for pattern, methods in _paths() if pattern.match(bare)), None)
    return None if found is None else found.get(method.lower())


def check(method: str, path: str, answer: Any) -> None:
    """Assert that the answer is one that the document declares. Calls that it does not know are refused."""
    declared = operation(method, path)
    if declared is None:
        assert answer.status_code in (401, 403, 404, 405), f"{method} {path} is not in the OpenAPI document"
        return
    response = declared["responses"].get(str(answer.status_code))
    assert response is not None, f"{method} {path}: {answer.status_code} is not declared: {answer.content[:300]!r}"
    for name in response.get("headers", {}):
        assert name in answer.headers, f"{method} {path}: {name} is missing"
    if "content" not in response:
        assert answer.content == b"", f"{method} {path}: {answer.status_code} has a body"
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in response["content"], f"{method} {path}: {media_type} is not declared"
    if media_type.endswith("json"):
        fits(response["content"][media_type]["schema"], json.loads(answer.content))


def fits(schema: Any, value: Any) -> None:
    """Assert that a value is one that a schema of the document allows."""
    whole = {**_plain(schema), "components": _components()}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


@cache
def _components() -> Any:
    return _plain(document()["components"])


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    members = {name: _plain(value) for name, value in schema.items()}
    return {"anyOf": [members, {"type": "null"}]} if members.pop("nullable", False) is True else members
