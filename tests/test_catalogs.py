"""Every sentence that is marked has its translation, in the catalog of the package that says it."""

import gettext
import re
from collections import defaultdict
from io import BytesIO

import pytest
from babel.messages import Message
from babel.messages.mofile import write_mo

from distributions import catalogs
from tests.house import ROOT, TRAVELLING

PLACES = [(home, language) for language in catalogs.LANGUAGES for home in catalogs.HOMES]
QUOTING = "oidc_login/admin/presets.py"
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w+(?:![rs])?(?::[^}]*)?\}")
_MARKUP = re.compile(r"<code\b.*?</code>|<[^<>]+>")


def terms() -> dict[str, str]:
    """The glossary of docs/translating.md."""
    page = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.M)
    return {english: german for english, german in rows if english != "English"}


def texts(message: Message) -> list[tuple[str, str]]:
    """Each form of it, beside the English form that it stands for."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return list(zip(message.id, message.string, strict=True))


def ours() -> list[tuple[str, str]]:
    """Our own words: steps at a provider quote what its pages say."""
    held = [each for home in catalogs.HOMES for each in catalogs.read(home, "de") if each.id]
    return [pair for each in held if each.locations[0][0] != QUOTING for pair in texts(each)]


def parts(pattern: re.Pattern[str], text: str) -> list[str]:
    """What has to stand in a translation too. How a time is written is the language's own."""
    return sorted(re.sub(r":%[^}]*", "", each) for each in pattern.findall(text))


def faults(english: str, translated: str) -> list[str]:
    found = []
    if not translated.strip():
        return ["not translated"]
    if parts(_PLACEHOLDER, english) != parts(_PLACEHOLDER, translated):
        found.append("other placeholders")
    if parts(_MARKUP, english) != parts(_MARKUP, translated):
        found.append("other markup")
    if english[-1] in ".:?" and translated[-1] != english[-1]:
        found.append("another end")
    if translated != translated.strip() or "  " in translated:
        found.append("spaces")
    if re.search(r"\b(du|dir|dich|dein\w*|euer|eure\w*)\b", translated):
        found.append("not formal")
    return found


@pytest.mark.parametrize(("home", "language"), PLACES)
def test_catalog_holds_each_sentence_of_its_package_and_no_other(home: str, language: str) -> None:
    catalog = catalogs.read(home, language)
    held = {(each.id, each.context) for each in catalog if each.id}
    said = {(each.id, each.context or None) for each in catalogs.sentences(*catalogs.HOMES[home])}
    assert said
    assert held == said, "run `make messages`"
    assert not [each.id for each in catalog if each.id and each.fuzzy]
    assert not catalog.obsolete


@pytest.mark.parametrize(("home", "language"), PLACES)
def test_each_translation_is_whole(home: str, language: str) -> None:
    pairs = [pair for each in catalogs.read(home, language) if each.id for pair in texts(each)]
    assert {pair[0]: found for pair in pairs if (found := faults(*pair))} == {}


@pytest.mark.parametrize(("home", "language"), PLACES)
def test_what_django_reads_is_what_translators_wrote(home: str, language: str) -> None:
    wanted = BytesIO()
    write_mo(wanted, catalogs.merged(catalogs.read(home, language), catalogs.sentences(*catalogs.HOMES[home])))
    wanted.seek(0)
    with catalogs.file(home, language, "mo").open("rb") as opened:
        # As Django reads it: its catalogs are those of this module.
        compiled = vars(gettext.GNUTranslations(opened))["_catalog"]
    assert compiled == vars(gettext.GNUTranslations(wanted))["_catalog"], "run `make messages`"


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_a_sentence_of_two_packages_is_translated_in_one_way(language: str) -> None:
    """Django merges the catalogs of all apps: which one counts is nobody's choice."""
    found: dict[object, set[object]] = defaultdict(set)
    for home in catalogs.HOMES:
        for each in catalogs.read(home, language):
            if each.id:
                found[each.id, each.context].add(each.string)
    assert {key: values for key, values in found.items() if len(values) > 1} == {}


@pytest.mark.parametrize(("english", "german"), terms().items())
def test_a_term_is_translated_in_one_way(english: str, german: str) -> None:
    asked = re.compile(rf"\b{re.escape(english)}s?\b", re.I)
    told = re.compile("|".join(re.escape(each) for each in german.split(", ")), re.I)
    pairs = [(_PLACEHOLDER.sub("", said), translated) for said, translated in ours() if asked.search(said)]
    assert pairs
    assert [pair for pair in pairs if asked.search(pair[0]) and not told.search(pair[1])] == []


def test_every_folder_has_a_catalog() -> None:
    assert {name for names in catalogs.HOMES.values() for name in names} >= {*TRAVELLING, "config", "templates"}


@pytest.mark.parametrize(
    ("english", "translated", "found"),
    [
        ("Sign in", "", "not translated"),
        ("{count} of {all}", "{count} von allen", "other placeholders"),
        ("100%% %(a)s", "100% %(a)s", "other placeholders"),
        ("<b>a</b>", "<i>a</i>", "other markup"),
        ("Send <code>GET</code>", "Senden Sie <code>get</code>", "other markup"),
        ("Done.", "Fertig", "another end"),
        ("Your account", "Dein Konto ", "spaces"),
        ("Sign in with your account", "Melde dich mit dein Konto an", "not formal"),
    ],
)
def test_each_kind_of_fault_is_found(english: str, translated: str, found: str) -> None:
    assert found in faults(english, translated)


def test_sentences_are_found_in_python_and_templates() -> None:
    python = 'a = _("One") + ngettext("{n} two", "{n} twos", n) + pgettext("verb", "Three")'
    assert set(catalogs.of_python(python)) == {
        catalogs.Sentence("One"),
        catalogs.Sentence("{n} two", "{n} twos"),
        catalogs.Sentence("Three", context="verb"),
    }
    template = """{% load i18n %}{% translate "It's one" %}{% translate 'Two' context "verb" %}
        {% blocktranslate trimmed count n=n %}one (%) {{ n }}{% plural %}many {{ n }}{% endblocktranslate %}"""
    assert set(catalogs.of_template(template)) == {
        catalogs.Sentence("It's one"),
        catalogs.Sentence("Two", context="verb"),
        catalogs.Sentence("one (%%) %(n)s", "many %(n)s"),
    }


def test_what_is_no_longer_said_goes_and_what_is_new_waits() -> None:
    before = catalogs.Plain(locale="de")
    before.add("Old", "Alt")
    before.add("Kept", "Behalten")
    after = catalogs.merged(before, {catalogs.Sentence("Kept"): {"a.py"}, catalogs.Sentence("New"): {"a.py"}})
    assert {each.id: each.string for each in after if each.id} == {"Kept": "Behalten", "New": ""}
