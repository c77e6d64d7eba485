"""Refusals in the OpenAPI document: from codes alone, by the one table, with their headers and an example each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.plumbing import ResolvedComponent

from fairlead.web.codes import TABLE
from fairlead.web.problems import MEDIA_TYPE

_HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "The scheme that is wanted, and why the credential does not count (RFC 6750 3)."},
    429: {"Retry-After": "Seconds to wait."},
    503: {"Retry-After": "Seconds to wait."},
}
_TEXT = {"type": "string"}
PROBLEM = ResolvedComponent(  # type: ignore[no-untyped-call]
    name="Problem",
    type=ResolvedComponent.SCHEMA,
    object="Problem",
    schema={
        "type": "object",
        "description": "RFC 9457 problem details.",
        "required": ["type", "title", "status", "detail", "code", "requestId"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": {**_TEXT, "description": "What to do next."},
            "code": {**_TEXT, "description": "Stable; each is explained at /problems."},
            "requestId": {**_TEXT, "description": "Also in the header X-Request-Id, and in the log."},
            "errors": {"type": "object", "additionalProperties": True, "description": "Messages by field."},
        },
    },
)


def by_status(codes: Sequence[str]) -> dict[str, Any]:
    """Responses as OpenAPI has them. Raises KeyError for a code that is not in the table."""
    found: dict[int, list[str]] = defaultdict(list)
    for code in codes:
        found[TABLE[code].status].append(code)
    return {str(status): _refusal(status, names) for status, names in sorted(found.items())}


def headers(meanings: Mapping[str, str]) -> dict[str, Any]:
    """Headers that an answer always has, each with its meaning."""
    return {name: {"description": meaning, "required": True, "schema": _TEXT} for name, meaning in meanings.items()}


def _refusal(status: int, codes: Sequence[str]) -> dict[str, Any]:
    one_of_them = {"type": "object", "properties": {"code": {"type": "string", "enum": list(codes)}}}
    content = {
        "schema": {"allOf": [PROBLEM.ref, one_of_them]},
        "examples": {code: {"value": _example(code)} for code in codes[:1]},
    }
    described = "\n".join(f"* `{code}`: {TABLE[code].when}" for code in codes)
    found: dict[str, Any] = {"description": described, "content": {MEDIA_TYPE: content}}
    if status in _HEADERS:
        found["headers"] = headers(_HEADERS[status])
    return found


def _example(code: str) -> dict[str, Any]:
    problem = TABLE[code]
    return {
        "type": f"https://login.example.org/problems#{code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.when,
        "code": code,
        "requestId": "5f1d7a84c3b24c0f9d0e6f7a8b9c0d1e",
    }
