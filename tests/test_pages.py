"""README.md and docs/: nobody gets lost between the pages."""

import re
from pathlib import Path

import pytest

from tests.house import ROOT

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_leads_to_every_page() -> None:
    linked = {link.partition("#")[0] for link in LINK.findall(README.read_text(encoding="utf-8"))}
    assert {f"docs/{page.name}" for page in PAGES[1:]} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    # What stands in a block of code is no link, even where it looks like one.
    for link in LINK.findall(re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_first_screen_says_how_to_try_it_and_what_one_then_sees() -> None:
    first = README.read_text(encoding="utf-8").splitlines()[:32]
    assert [line for line in first if line.startswith("make run ")]
    assert [line for line in first if line.startswith("make test ")]
    seen = " ".join(first)
    assert "prints where to go: open <http://localhost:8000/login>" in seen
    assert "`make test` ends by saying" in seen
