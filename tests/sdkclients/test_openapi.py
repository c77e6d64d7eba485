"""The document itself; that answers match it is checked in every call of `tests.tenants`."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from fairlead.web.codes import TABLE
from tests import openapi
from tests.sdkclients.test_tenant_walk import ROUTES


def test_it_is_valid_and_made_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_every_route_of_the_wing_is_in_it() -> None:
    written = {path.lstrip("/") for path in openapi.document()["paths"]}
    for route in ROUTES:
        assert route.replace("<str:", "{").replace(">", "}") in written


def test_every_refusal_names_codes_that_exist_with_their_status() -> None:
    found = 0
    for path, operations in openapi.document()["paths"].items():
        if not path.startswith(("/org/", "/app/", "/pools/")):
            continue
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) < 400:
                    continue
                schema = response["content"]["application/problem+json"]["schema"]
                for code in schema["allOf"][1]["properties"]["code"]["enum"]:
                    assert TABLE[code].status == int(status), (path, code)
                    found += 1
    assert found > 100


@pytest.mark.parametrize("path", ["/org/userPool", "/org/sdkClient", "/org/verifyToken", "/org/appUserIdToken"])
def test_bodies_are_closed_and_members_are_camel_case(path: str) -> None:
    body = openapi.document()["paths"][path]["post"]["requestBody"]["content"]
    assert list(body) == ["application/json"]
    name = body["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    schema = openapi.document()["components"]["schemas"][name]
    assert schema["additionalProperties"] is False
    assert not any("_" in member for member in schema["properties"])


def test_the_document_and_its_browser_are_served() -> None:
    names = {getattr(pattern, "name", None) for pattern in get_resolver().url_patterns}
    assert {"schema", "docs"} <= names
