"""Chromium for tests: pages in light, dark and phone size, watched while they are driven, and photographed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.watch import Watch
from tests.processes import ROOT

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = ROOT / "screenshots"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Look = Literal["light", "dark", "phone"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        raise RuntimeError(f"These tests need Chromium at {CHROMIUM} (Debian: apt-get install chromium).")
    # Playwright keeps an event loop in this thread; Django would take a test's own ORM calls for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Opens pages. Every `person()` is a browser of its own, without the cookies of the others."""

    chromium: Browser
    watch: Watch
    contexts: list[BrowserContext] = field(default_factory=list)

    def person(self, look: Look = "light", *, scripts: bool = True) -> Page:
        size = {"width": 390, "height": 844} if look == "phone" else {"width": 1280, "height": 900}
        context = self.chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if look == "dark" else "light",
            has_touch=look == "phone",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        self.watch.attach(page)
        return page

    def allow(self, *origins: str) -> None:
        """Origins that pages of this test may speak to."""
        self.watch.allowed.update(origins)

    def photograph(self, page: Page, name: str) -> None:
        """Keep the page as it looks in light, dark and on a phone, in screenshots/ (ignored by git)."""
        SCREENSHOTS.mkdir(exist_ok=True)
        before = page.viewport_size or {"width": 1280, "height": 900}
        for look, scheme, size in (("light", "light", before), ("dark", "dark", before), ("phone", "light", _PHONE)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
            look_over(page, wide=look != "phone")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)


_PHONE = {"width": 390, "height": 844}
_FAULTS = """() => {
  const faults = [];
  if (document.querySelectorAll('h1').length !== 1) faults.push('not exactly one h1');
  if (!document.documentElement.lang) faults.push('no language');
  if (!document.title.trim()) faults.push('no title');
  if (!document.querySelector('main')) faults.push('no main');
  for (const input of document.querySelectorAll('input:not([type=hidden], [type=submit]), select, textarea')) {
    const named = input.labels.length || input.getAttribute('aria-label') || input.getAttribute('aria-labelledby');
    if (!named) faults.push('without a label: ' + (input.name || input.type));
  }
  for (const button of document.querySelectorAll('button, a[href]')) {
    const name = button.textContent.trim() || button.getAttribute('aria-label') || button.querySelector('img[alt]')?.alt
      || button.title;
    if (!name) faults.push('without a name: ' + button.outerHTML.slice(0, 80));
  }
  for (const image of document.images) if (!image.hasAttribute('alt')) faults.push('image without alt: ' + image.src);
  const page = document.scrollingElement;
  if (page.scrollWidth > window.innerWidth) faults.push('wider than the window: ' + page.scrollWidth);
  return faults;
}"""


def look_over(page: Page, *, wide: bool) -> None:
    """What a screen reader and a small window need. Fails with the list of what is wrong."""
    faults = page.evaluate(_FAULTS)
    assert not faults, f"{page.url} ({'desktop' if wide else 'phone'}): {faults}"


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visitor]:
    made = Visitor(chromium, Watch(allowed=set()))
    yield made
    for context in made.contexts:
        context.close()
    assert not made.watch.noticed, "The browser noticed: " + "; ".join(made.watch.noticed)
