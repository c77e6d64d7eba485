"""Whatever a person can read is marked for translation: in templates here, in Python below."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("fairlead", "accounts", "oidc_login", "userpools", "sdkclients")
TEMPLATES = sorted(
    path
    for folder in (*PACKAGES, "templates")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".html", ".txt"} and "templates" in path.parts
)

_MARKED = re.compile(r"{%-? *blocktranslate\b.*?{%-? *endblocktranslate *%}", re.S)
# Not prose: commands and names of fields, scripts, comments.
_NO_PROSE = re.compile(r"<code\b.*?</code>|<script\b.*?</script>|{#.*?#}|<!--.*?-->|<!doctype html>", re.S)
# A word of CSS, and the zone of the times beside it.
_NO_WORDS = re.compile(r"{% block body_class %}\w+{% endblock %}")
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
_READ_ALOUD = re.compile(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"|type="submit"[^>]*\bvalue="([^"]*)"')
_ELEMENT = re.compile(r"<[^<>]*>")
_ENTITY = re.compile(r"&\w+;")


def unmarked(source: str) -> list[str]:
    """Texts and attributes of a template that hold letters and go through no translation."""
    for pattern in (_MARKED, _NO_PROSE, _NO_WORDS):
        source = pattern.sub("", source)
    # A string handed to a tag's filter, such as |default:"none", is read too.
    found = re.findall(r'\|default(?:_if_none)?:"([^"]*[A-Za-z][^"]*)"', source)
    source = _TAG.sub("", source)
    for alternatives in _READ_ALOUD.findall(source):
        found += [text for text in alternatives if re.search("[A-Za-z]{2}", text)]
    texts = _ENTITY.sub("", _ELEMENT.sub("\n", source)).split("\n")
    return found + [text.strip() for text in texts if re.search("[A-Za-z]{2}", text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_of_a_template_escapes_translation(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sentence_is_not_put_together_from_pieces(path):
    """A translator sees each message alone: one that begins or ends within a sentence cannot be translated."""
    source = path.read_text(encoding="utf-8")
    messages = re.findall(r'{% translate "([^"]*)"', source) + [
        re.sub(r"{%.*?%}", "", each, flags=re.S) for each in _MARKED.findall(source)
    ]
    assert [each for each in messages if each != each.strip() or re.match(r"[,.;:]", each)] == []
    assert "|pluralize" not in source


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bare</p>",
        "{% block title %}Bare{% endblock %}",
        '<img alt="Bare">',
        '<nav aria-label="{% if a %}Bare{% endif %}">',
        '<input type="submit" value="Bare">',
        '{{ a|default:"bare" }}',
        '{% translate "Marked" %} bare',
        "<p>{% blocktranslate %}Marked{% endblocktranslate %}, bare</p>",
    ],
)
def test_each_kind_of_bare_text_is_found(source):
    assert len(unmarked(source)) == 1


def test_what_is_marked_or_no_prose_is_not_found():
    assert unmarked('<p class="a">{% translate "Marked" %} <code>GET /</code> {{ a }} &rsaquo; · 1</p>') == []
