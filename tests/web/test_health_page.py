"""The admin's Health page: who may see it, what GET and POST ask, and that it says what the command says."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from fairlead import causes
from fairlead.audit import refusals
from fairlead.audit.models import CallsOfDay
from fairlead.web.health import examinations
from fairlead.web.health.examinations import Asked, Examination
from fairlead.web.health.findings import Verdict, good, problem
from tests import health
from tests.configure import configure
from tests.registries import only

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def browser_of(**rights: Any) -> Client:
    person = User.objects.create_user("somebody@example.org", PASSWORD, **rights)
    browser = Client()
    assert browser.post("/login", {"email": person.email, "password": PASSWORD}).status_code == 302
    return browser


@pytest.fixture
def seen(monkeypatch: Any) -> list[Asked]:
    """Each time somebody looks, what was asked for. What is found is well inside, and wrong outside."""
    asked: list[Asked] = []

    def look(given: Asked) -> Any:
        asked.append(given)
        yield good("Inside <b>", "Well.")

    only(
        monkeypatch,
        examinations.registry,
        Examination(area="inside", title="Inside", look=look, rank=1),
        Examination(
            area="outside", title="Outside", look=lambda given: [problem("Far", "Gone.", "Mend it.")], rank=2,
            outside=True,
        ),
    )  # fmt: skip
    return asked


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_looking_asks_nobody_outside_and_pressing_does(seen: list[Asked]) -> None:
    browser, page = browser_of(is_staff=True, is_superuser=True), reverse("admin:fairlead_health")
    looked = browser.get(page)
    assert "Well: 1 finding." in text(looked)
    assert b"Inside &lt;b&gt;" in looked.content
    assert "no-store" in looked["Cache-Control"]
    pressed = text(browser.post(page))
    assert "1 problem, 0 warnings." in pressed
    assert "Mend it." in pressed
    assert [each.offline for each in seen] == [True, False]


def test_pressing_often_is_refused_and_asks_nobody(seen: list[Asked], settings: Any) -> None:
    browser, page = browser_of(is_staff=True, is_superuser=True), reverse("admin:fairlead_health")
    for _ in range(6):
        assert browser.post(page).status_code == 200
    answer = browser.post(page)
    assert answer.status_code == 429
    assert "Too many attempts" in text(answer)
    assert seen[-1].offline


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_is_for_superusers_and_those_with_the_permission(seen: list[Asked], method: str) -> None:
    page = reverse("admin:fairlead_health")
    assert getattr(Client(), method)(page).status_code == 302
    browser = browser_of(is_staff=True)
    assert getattr(browser, method)(page).status_code == 403
    assert page not in text(browser.get("/admin/"))
    assert seen == []
    User.objects.get().user_permissions.add(Permission.objects.get(codename="view_health"))
    assert getattr(browser, method)(page).status_code == 200
    assert f'href="{page}"' in text(browser.get("/admin/"))


def test_the_real_findings_are_shown_without_a_secret(settings: Any) -> None:
    configure(settings, OIDC_CLIENT_SECRET="the-clients-secret")
    answer = browser_of(is_staff=True, is_superuser=True).get(reverse("admin:fairlead_health"))
    shown = text(answer)
    for area in ("Settings", "Database", "Stored secrets", "Cache", "Outbox", "People", "User pools", "Refusals"):
        assert area in shown
    assert "the-clients-secret" not in shown
    assert settings.SECRET_KEY not in shown


def test_recent_refusals_are_notes_with_the_operators_sentence() -> None:
    why = causes.cause("token_endpoint.unreachable", detail="no answer")
    for _ in range(3):
        kept = refusals.refused(why, request=None, provider="default")
    CallsOfDay.objects.create(key="1", day=timezone.now().date(), code="expired", count=7)
    first, second = health.look("refusals")
    assert (first.verdict, first.what) == (Verdict.NOTE, f"{why.code} (default)")
    assert first.text.startswith("3 within a day")
    assert kept in first.text
    assert first.why == why.operator
    assert (second.what, second.text) == ("expired", "7 calls since yesterday.")


def test_a_cause_that_there_is_no_more_is_named() -> None:
    why = causes.Cause("no.longer", "provider_error", {})
    refusals.refused(why, request=None)
    (found,) = health.look("refusals")
    assert found.why == "no.longer"


def test_nobody_refused_is_well() -> None:
    assert [each.verdict for each in health.look("refusals")] == [Verdict.OK]
