"""What a call of the API would answer as errors by field, said at the fields of a form. One set of rules for both."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext

from fairlead.refusal import Refused


def add(form: Form, errors: Mapping[str, Any], *, fields: Mapping[str, str]) -> None:
    """`errors` as serializers nest them. `fields` names the form's field of a body's member; others stand above all."""
    for member, sentence in _flat(errors):
        form.add_error(fields.get(member), sentence)


def add_refusal(form: Form, refused: Refused, *, fields: Mapping[str, str]) -> None:
    """A refusal on purpose: at the fields that it names, else above all of them."""
    if refused.errors:
        add(form, refused.errors, fields=fields)
    else:
        form.add_error(None, gettext(refused.detail))


def _flat(errors: Any, member: str = "") -> Iterator[tuple[str, str]]:
    """Innermost names of members with their sentences. Places in a list keep the list's name."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _flat(inner, name if isinstance(name, str) else member)
    elif isinstance(errors, list | tuple):
        for inner in errors:
            yield from _flat(inner, member)
    else:
        yield member, str(errors)
