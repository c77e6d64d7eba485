"""Errors as the contract has them, whoever raises them."""

import json
import re

import pytest
from django.test import Client, RequestFactory
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from config.environment import ROOT
from fairlead.web import codes, problems
from oidc_login.codes import Code


def test_error_codes_document_is_the_table():
    text = (ROOT / "docs" / "error-codes.md").read_text()
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}|redirect) \| (.+) \|$", text, re.MULTILINE)
    told = {code: (status, when) for code, status, when in rows}
    assert {code for code, (status, _) in told.items() if status == "redirect"} == codes.CALLBACK_ONLY
    expected = {code: (str(problem.status), problem.when) for code, problem in codes.TABLE.items()}
    assert {code: told[code] for code in told if code not in codes.CALLBACK_ONLY} == expected


def test_every_code_of_the_login_trip_is_in_the_table():
    assert {str(code) for code in Code} <= set(codes.TABLE) | codes.CALLBACK_ONLY


def test_problem_has_the_members_of_the_contract(client):
    response = client.get("/api/auth/nothing-here")
    body = response.json()
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail", "code", "requestId"}
    assert body["type"] == "http://testserver/problems#not_found"
    assert body["requestId"] == response["X-Request-Id"]


def test_validation_errors_name_their_fields():
    request = Request(RequestFactory().get("/"))
    answer = problems.handle(ValidationError({"name": ["Too long."], "a": {"b": ["Wrong."]}}), {"request": request})
    assert json.loads(answer.content)["errors"] == {"name": ["Too long."], "a": {"b": ["Wrong."]}}


def test_fault_of_ours_shows_nothing_of_itself(client, monkeypatch):
    client.raise_request_exception = False

    def explode(*args):
        raise RuntimeError("inner secret")

    monkeypatch.setattr("config.health._database", explode)
    for accept in ("text/html", "application/json"):
        response = client.get("/readyz", headers={"Accept": accept})
        assert response.status_code == 500
        assert "inner secret" not in response.content.decode()
        assert response["X-Request-Id"] in response.content.decode()


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_page_or_problem_by_who_is_looking(client, accept):
    response = client.get("/nowhere", headers={"Accept": accept})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html" if accept == "text/html" else "application/problem+json")


def test_types_of_problems_lead_to_a_page(client):
    page = client.get("/problems").content.decode()
    assert all(f'id="{code}"' in page for code in codes.TABLE)


@pytest.mark.django_db
def test_form_without_its_token_is_refused_with_a_remedy():
    response = Client(enforce_csrf_checks=True).post("/login", {}, headers={"Accept": "text/html"})
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
