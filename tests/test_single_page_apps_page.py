"""docs/single-page-apps.md: its calls, members, codes and times are those of the code."""

import re

import pytest

from accounts.sessions import access_tokens
from fairlead.conf import conf
from fairlead.web.codes import TABLE
from oidc_login.flow import exchange_codes
from oidc_login.models import PendingLink
from tests import openapi
from tests.house import ROOT

TEXT = (ROOT / "docs" / "single-page-apps.md").read_text(encoding="utf-8")
CALLS = sorted(set(re.findall(r"`(POST|GET) (/api/[\w/-]+)`", TEXT)))


def test_the_page_tells_of_every_call_that_a_front_end_needs() -> None:
    assert {path.removeprefix("/api/auth/") for _, path in CALLS} == {
        "oidc/exchange", "oidc/link", "email/verify", "email/verify/send", "refresh", "logout",
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_what_a_call_is_said_to_take_it_takes(method: str, path: str) -> None:
    call = openapi.operation(method, path)
    assert call is not None
    for told in re.findall(rf"`{method} {path}`(?: with `\{{([^}}]*)\}}`)?", TEXT):
        body = call.get("requestBody", {"content": {"application/json": {"schema": {"$ref": "/"}}}})
        name = body["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        known = openapi.document()["components"]["schemas"].get(name, {"properties": ()})["properties"]
        assert {member for member in told.split(", ") if member} <= set(known)


def test_the_parameters_of_initiate_are_its_own() -> None:
    (query,) = re.findall(r"/api/auth/oidc/initiate\?([^`]+)`", TEXT)
    call = openapi.operation("GET", "/api/auth/oidc/initiate")
    assert call is not None
    asked = {each.partition("=")[0] for each in query.split("&")}
    assert asked <= {each["name"] for each in call["parameters"]}
    assert "return_to" in asked


def test_codes_stand_beside_their_status() -> None:
    found = re.findall(r"(\d{3}) `(\w+)`", TEXT)
    assert len(found) == 4
    assert all(TABLE[code].status == int(status) for status, code in found)


def test_times_and_tries_are_those_of_the_code() -> None:
    assert "lives 15 minutes" in TEXT
    assert access_tokens.LIFETIME == 15 * 60
    assert "(10 seconds)" in TEXT
    assert conf().refresh_reuse_grace == 10
    assert "once, for 30 seconds" in TEXT
    assert conf().oidc_exchange_code_ttl == 30
    assert "five tries within ten minutes" in TEXT
    assert exchange_codes.LINK_LIFETIME.total_seconds() == 600
    assert PendingLink.MOST_TRIES == 5
