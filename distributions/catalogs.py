"""`python -m distributions.catalogs` writes the sentences of the code into the catalogs, and compiles them.

Each package has its own: `locale/<language>/LC_MESSAGES/django.po` for translators, `django.mo` for Django.
What the code no longer says goes; what is new stands there with an empty translation, and is printed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from distributions.staging import ROOT
from fairlead.web.languages import NAMES

_HEAD = "# Written by `make messages`. The words that stand for our terms: docs/translating.md."
# English is what the code says.
LANGUAGES = tuple(code for code in NAMES if code != "en")
# Where a catalog lies, to the folders whose sentences it holds. A catalog lies in an app: Django looks nowhere else.
HOMES = {
    "fairlead/web": ("fairlead",),
    "accounts": ("accounts",),
    "oidc_login": ("oidc_login",),
    "userpools": ("userpools",),
    "sdkclients": ("sdkclients",),
    "config": ("config", "templates"),
}
_CALL = re.compile(r"(?:_|(?P<context>n?p)?(?P<plural>n)?gettext(?:_lazy|_noop)?)")
_IN_TEMPLATE = re.compile(
    r"n?p?gettext\((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|[^()'\"])*\)|_\((?:'[^']*'|\"[^\"]*\")\)"
)


@dataclass(frozen=True, order=True)
class Sentence:
    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


def of_python(source: str) -> Iterator[Sentence]:
    """What is handed to a function of gettext, as it stands in the source."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        call = _CALL.fullmatch(name)
        if not call or not isinstance(node, ast.Call):
            continue
        given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        context = given.pop(0) if "pgettext" in name and given else ""
        if given:
            yield Sentence(given[0], given[1] if name.startswith("n") and len(given) > 1 else "", context)


def of_template(source: str) -> Iterator[Sentence]:
    """Django makes of a template what looks like Python: each message is a call, everything else XXX."""
    for call in _IN_TEMPLATE.findall(templatize(source)):
        yield from of_python(call)


def sentences(*folders: str, root: Path = ROOT) -> dict[Sentence, set[str]]:
    """Each sentence below these folders, with the files that say it."""
    found: dict[Sentence, set[str]] = {}
    for path in sorted(path for folder in folders for path in (root / folder).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            said = of_python(path.read_text(encoding="utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            said = of_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for each in said:
            found.setdefault(each, set()).add(str(path.relative_to(root)))
    return found


def file(home: str, language: str, kind: str = "po", *, root: Path = ROOT) -> Path:
    return root / home / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


def read(home: str, language: str, *, root: Path = ROOT) -> Catalog:
    """What the .po file says; an empty catalog where there is none."""
    path = file(home, language, root=root)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as opened:
        return read_po(opened, locale=language)


class Plain(Catalog):
    """With a head that is the same after every run: no dates, no versions."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
        ]


def merged(before: Catalog, said: dict[Sentence, set[str]]) -> Plain:
    """A catalog with these sentences and no others; translations come from the one before."""
    new = Plain(locale=before.locale, header_comment=_HEAD, fuzzy=False, charset="utf-8")
    for each in sorted(said, key=lambda each: (min(said[each]), each)):
        known = before.get(each.id, context=each.context or None)
        kept = known.string if known is not None and not known.fuzzy and known.pluralizable == bool(each.plural) else ""
        places = [(name, None) for name in sorted(said[each])]
        new.add(each.id, kept, locations=places, context=each.context or None)
    return new


def complete(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def write(home: str, language: str, catalog: Catalog, *, root: Path = ROOT) -> None:
    """Both files."""
    path = file(home, language, root=root)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as opened:
        write_po(opened, catalog, width=120, include_lineno=False)
    with file(home, language, "mo", root=root).open("wb") as opened:
        write_mo(opened, catalog)


def main() -> int:
    settings.configure(INSTALLED_APPS=[])
    missing = 0
    for language in LANGUAGES:
        for home, folders in HOMES.items():
            catalog = merged(read(home, language), sentences(*folders))
            write(home, language, catalog)
            lacking = [each for each in catalog if each.id and not complete(each)]
            missing += len(lacking)
            for each in lacking:
                print(f"{file(home, language).relative_to(ROOT)}: {each.id!r} is not translated")
    print(f"{missing} sentences are not translated" if missing else "Every sentence is translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
