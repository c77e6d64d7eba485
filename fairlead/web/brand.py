"""The site's own accent colour on our pages: what goes into their style sheet, and whether it can be read there.

Text needs a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3). A colour that has less on a ground of ours is darkened there, or
lightened in the dark, as little as is needed; a check says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from django.core import checks
from django.core.checks import CheckMessage, register
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from fairlead.conf import after_settings, conf

_ENOUGH = 4.5
_STEP = 0.02
_STRONGER = 0.2
_IN_THE_DARK = "@media (prefers-color-scheme: dark)"
_WHITE, _BLACK = (255.0, 255.0, 255.0), (0.0, 0.0, 0.0)
# The grounds that links and buttons stand on, as fairlead.css has them: --card and --ground of either scheme.
LIGHT = ("#ffffff", "#f3f5f7")
DARK = ("#172027", "#0e151b")


@dataclass(frozen=True)
class Color:
    """Red, green and blue from 0 to 255."""

    channels: tuple[float, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """From # and six digits."""
        return cls(tuple(float(int(text[at : at + 2], 16)) for at in (1, 3, 5)))

    def __str__(self) -> str:
        return "#" + "".join(f"{round(each):02x}" for each in self.channels)

    def towards(self, end: tuple[float, ...], part: float) -> "Color":
        return Color(tuple(a + (b - a) * part for a, b in zip(self.channels, end, strict=True)))

    def contrast(self, other: "Color") -> float:
        """From 1 to 21 (WCAG 2.2, contrast ratio)."""
        lighter, darker = sorted((self._luminance, other._luminance), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    @property
    def _luminance(self) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (each / 255 for each in self.channels)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(wanted: Color, grounds: tuple[str, ...], end: tuple[float, ...]) -> Color:
    """The nearest to `wanted` on the way to `end` that can be read on all the grounds."""
    found, part = wanted, 0.0
    while part < 1 and any(found.contrast(Color.of(each)) < _ENOUGH for each in grounds):
        part = min(1.0, part + _STEP)
        # As it will be written: rounding may cost the last bit.
        found = Color.of(str(wanted.towards(end, part)))
    return found


def style_sheet(color: str) -> str:
    """CSS for our pages that sets the accent of both schemes; empty without a colour."""
    if not color:
        return ""
    light, dark = _shades(color)
    return f":root {{{_accent(light, _BLACK)}}}\n{_IN_THE_DARK} {{ :root {{{_accent(dark, _WHITE)}}} }}\n"


def admin_style_sheet(color: str) -> str:
    """The same for the admin, in the variables that Django offers for it; its grounds carry white text."""
    if not color:
        return ""
    light, dark = _shades(color)
    strong = light.towards(_BLACK, _STRONGER)
    grounds = "".join(f" --{name}: {light};" for name in ("primary", "breadcrumbs-bg", "button-bg"))
    grounds += "".join(
        f" --{name}: {strong};"
        for name in ("secondary", "header-bg", "button-hover-bg", "default-button-bg", "default-button-hover-bg")
    )
    in_the_dark = f"{{{grounds}{_links(dark, dark.towards(_WHITE, _STRONGER))} }}"
    return (
        f':root, html[data-theme="light"] {{{grounds}{_links(light, strong)} }}\n'
        f'{_IN_THE_DARK} {{ :root:not([data-theme="light"]) {in_the_dark} }}\n'
        f'html[data-theme="dark"] {in_the_dark}\n'
    )


def address(name: str = "brand") -> str:
    """Of a style sheet, another one for each colour, so that it may be kept for long; empty where there is none."""
    color = conf().site_color
    if not color:
        return ""
    try:
        return f"{reverse(f'fairlead_web:{name}')}?{color[1:]}"
    except NoReverseMatch:
        return ""


@require_safe
def serve(request: HttpRequest, *, write: Callable[[str], str]) -> HttpResponse:
    """A style sheet. It holds nothing of the caller's, and its address changes with it."""
    kept = "public, max-age=31536000, immutable" if request.GET else "no-cache"
    return HttpResponse(write(conf().site_color), content_type="text/css", headers={"Cache-Control": kept})


def _shades(color: str) -> tuple[Color, Color]:
    return readable(Color.of(color), LIGHT, _BLACK), readable(Color.of(color), DARK, _WHITE)


def _accent(accent: Color, end: tuple[float, ...]) -> str:
    strong = accent.towards(end, _STRONGER)
    on = max((Color(_WHITE), Color(_BLACK)), key=lambda each: min(each.contrast(accent), each.contrast(strong)))
    return f" --accent: {accent}; --accent-strong: {strong}; --on-accent: {on}; "


def _links(color: Color, hovered: Color) -> str:
    return f" --link-fg: {color}; --link-hover-color: {hovered}; --link-selected-fg: {hovered};"


@register("fairlead")
@after_settings
def color_can_be_read_and_is_served(app_configs: Any, **_: Any) -> list[CheckMessage]:
    color = conf().site_color
    if not color:
        return []
    found: list[CheckMessage] = []
    if (light := readable(Color.of(color), LIGHT, _BLACK)) != Color.of(color):
        found.append(
            checks.Warning(
                f"SITE_COLOR {color} can hardly be read on a light ground: {light} is used there.",
                hint=f'Choose a darker colour, or take ours: SITE_COLOR="{light}"',
                id="fairlead.W022",
            )
        )
    if not address():
        found.append(
            checks.Warning(
                "SITE_COLOR is set, but its style sheet has no address.",
                hint='Add to your urlpatterns: path("", include("fairlead.web.urls")),',
                id="fairlead.W023",
            )
        )
    return found
