"""The OpenAPI document as a whole, call by call. That answers are as it says is checked wherever a test calls: tests/compared.py."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from fairlead.web import tags
from fairlead.web.codes import TABLE
from fairlead.web.views import Api
from tests import openapi
from tests.orgs.test_house import routes

PROBLEM = "application/problem+json"
CALLS = [pytest.param(*call, id=call[2]["operationId"]) for call in openapi.operations()]
every_call = pytest.mark.parametrize(("path", "method", "call"), CALLS)


def test_it_is_valid_and_made_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_every_call_of_the_api_is_in_it() -> None:
    written = {(path, method) for path, method, _ in openapi.operations()}
    served = {
        ("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address), method.upper())
        for address, callback in routes()
        if issubclass(getattr(callback, "cls", object), Api) and f"/{address}" not in openapi.NOT_THE_API
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(callback.cls, method)
    }
    assert written == served


def test_names_are_words_and_each_stands_once() -> None:
    names = [call["operationId"] for _, _, call in openapi.operations()]
    assert len(names) == len(set(names)) > 40
    assert not [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name)]


def test_the_groups_are_a_closed_list_that_says_what_each_is() -> None:
    assert {each["name"]: each["description"] for each in openapi.document()["tags"]} == tags.MEANING
    assert {tag for _, _, call in openapi.operations() for tag in call["tags"]} == set(tags.MEANING)


@every_call
def test_a_call_says_what_it_is_and_who_may_call(path: str, method: str, call: dict[str, Any]) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{5,79}[^.\n]", call["summary"])
    assert len(call["tags"]) == 1
    schemes = openapi.document()["components"]["securitySchemes"]
    assert call["security"]
    assert all(name in schemes for requirement in call["security"] for name in requirement)
    wanted = {"401"} if {} not in call["security"] else set()
    assert wanted <= set(call["responses"])


@every_call
def test_a_call_shows_what_it_takes(path: str, method: str, call: dict[str, Any]) -> None:
    for content in call.get("requestBody", {"content": {}})["content"].values():
        assert content["examples"]
        for example in content["examples"].values():
            openapi.fits(content["schema"], example["value"])
    for name in re.findall(r"\{(\w+)\}", path):
        assert [each["required"] for each in call["parameters"] if (each["name"], each["in"]) == (name, "path")] == [
            True
        ]


@every_call
def test_a_call_shows_what_it_answers(path: str, method: str, call: dict[str, Any]) -> None:
    good = {status: response for status, response in call["responses"].items() if int(status) < 400}
    assert good
    for status, response in good.items():
        assert ("content" in response) is (status in {"200", "201"})
        assert ("Location" in response.get("headers", {})) is (status == "302")
        for content in response.get("content", {}).values():
            (example,) = content["examples"].values()
            assert content["schema"]
            openapi.fits(content["schema"], example["value"])


@every_call
def test_a_call_says_with_which_codes_it_is_refused(path: str, method: str, call: dict[str, Any]) -> None:
    for status, response in call["responses"].items():
        if int(status) < 400:
            continue
        assert list(response["content"]) == [PROBLEM]
        content = response["content"][PROBLEM]
        codes = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
        assert codes
        assert {TABLE[code].status for code in codes} == {int(status)}
        assert all(f"`{code}`: {TABLE[code].when}" in response["description"] for code in codes)
        assert content["examples"]
        for example in content["examples"].values():
            openapi.fits(content["schema"], example["value"])
        header = {"401": {"WWW-Authenticate"}, "429": {"Retry-After"}, "503": {"Retry-After"}}.get(status, set())
        assert {name for name, each in response.get("headers", {}).items() if each["required"]} == header


@every_call
def test_a_body_can_be_refused_and_a_throttled_call_says_so(path: str, method: str, call: dict[str, Any]) -> None:
    (view,) = {
        callback.cls for address, callback in routes() if re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address) == path[1:]
    }
    if view.throttle_classes:
        assert "429" in call["responses"]
    if "requestBody" in call:
        assert {"400", "413", "415"} <= set(call["responses"])


def test_bodies_of_the_organization_api_are_closed_and_their_members_camel_case() -> None:
    bodies = [
        call["requestBody"]["content"]
        for path, _, call in openapi.operations()
        if path.startswith("/org/") and "requestBody" in call
    ]
    assert len(bodies) > 5
    for content in bodies:
        assert list(content) == ["application/json"]
        name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        schema = openapi.document()["components"]["schemas"][name]
        assert schema["additionalProperties"] is False
        assert not any("_" in member for member in schema["properties"])


def test_the_document_and_its_browser_are_served() -> None:
    names = {getattr(pattern, "name", None) for pattern in get_resolver().url_patterns}
    assert {"schema", "docs"} <= names
