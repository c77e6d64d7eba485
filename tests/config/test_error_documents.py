"""docs/error-codes.md, docs/troubleshooting.md and /problems are what the tables of codes and causes say."""

import html
import re

import pytest

from config import error_documents, explained, markdown
from config.environment import ROOT
from fairlead import causes
from fairlead.web import codes


@pytest.mark.parametrize("path", error_documents.files(), ids=lambda path: path.name)
def test_written_file_is_current(path):
    assert path.read_text(encoding="utf-8") == error_documents.files()[path], "run `make docs`"


def test_a_new_cause_stands_in_both_documents(monkeypatch):
    new = causes.Sentences(code="provider_error", operator="Turn SITE_NAME round at {host}.", lasting=True)
    monkeypatch.setitem(causes.TABLE, "moon.full", new)
    by_code, by_sight = error_documents.files().values()
    assert "\n* `moon.full`: Turn `SITE_NAME` round at *host*.\n" in by_code
    assert "\n* Turn `SITE_NAME` round at *host*.\n" in by_sight
    assert "\n| `moon.full` | [`provider_error`](error-codes.md#provider_error) | Turn `SITE_NAME`" in by_sight


def test_every_code_and_every_cause_can_be_found_by_what_one_sees():
    text = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    assert [each for each in (*codes.TABLE, *codes.AT_CALLBACK) if f"`{each}`" not in text] == []
    assert [each for each in causes.TABLE if f"\n| `{each}` | " not in text] == []
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert {told.title for told in causes.PERSON.values()} - set(headings) == {causes.PERSON["expired"].title}


@pytest.mark.parametrize("each", explained.codes(), ids=lambda each: each.code)
def test_page_of_problems_says_of_each_code_what_to_do(client, each):
    page = client.get("/problems").content.decode()
    (row,) = re.findall(rf'<tr id="{each.code}">.*?</tr>', page, re.DOTALL)
    said = html.unescape(re.sub(r"<[^>]+>", "", row))
    assert each.title in said
    assert each.status in said
    if each.told and not each.of_programs:
        assert f"{each.told.cause} {each.told.remedy}" in said
    if not each.causes:
        assert each.when in said
    for found in each.causes.values():
        assert "".join(text for text, _ in explained.pieces(found.operator)) in said


def test_facts_and_settings_stand_out():
    assert markdown.sentence("{client_id}: see OIDC_SCOPES of {host}.") == "*client id*: see `OIDC_SCOPES` of *host*."
