"""Every member of the enum has somebody who records it, and a test that looks for it behind its door."""

import re

import pytest

from fairlead.audit.events import Event
from tests.house import ROOT, sources

CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in sources() if path != ROOT / "fairlead" / "audit" / "events.py"
)
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
DOORS = TESTS + (ROOT / "tests" / "oidc_login" / "moving_project.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("event", Event)
def test_every_event_is_looked_for(event):
    assert re.search(rf'["\']{event}["\']|Event\.{event.name}\b', DOORS)


@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_caller(event):
    assert re.search(rf"\bEvent\.{event.name}\b", CODE)
