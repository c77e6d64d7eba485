"""Judging answers by the OpenAPI document: status, media type and body must be as declared."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [
        (
            re.compile(re.sub(r"\{[^}]+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + r"\Z"),
            operations,
        )
        for path, operations in sorted(document()["paths"].items(), key=lambda item: "{" in item[0])
    ]


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation of this call, None where the document has none."""
    bare = path.partition("?")[0]
    found = next((operations for pattern, operations in _paths() if pattern.match(bare)), None)
    return None if found is None else found.get(method.lower())


def judge(method: str, path: str, answer: Any) -> None:
    """Assert that the answer is one that the document declares. Calls that it does not know end in 404 or 405."""
    declared = operation(method, path)
    if declared is None:
        assert answer.status_code in (401, 403, 404, 405), f"{method} {path} is not in the OpenAPI document"
        return
    response = declared["responses"].get(str(answer.status_code))
    assert response is not None, f"{method} {path}: {answer.status_code} is not declared: {answer.content!r}"
    for name, header in response.get("headers", {}).items():
        assert name in answer or not header.get("required"), f"{method} {path}: {name} is missing"
    if "content" not in response:
        assert answer.content == b""
        return
    media_type = answer["Content-Type"].partition(";")[0]
    assert media_type in response["content"], f"{method} {path}: {media_type} is not declared"
    schema = {**_plain(response["content"][media_type]["schema"]), "components": _components()}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())


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
