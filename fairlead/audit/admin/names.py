"""Names and links for the ids of the record: one query for each kind of thing on a page.

Shown to whoever may see the thing itself; others see its id. What was deleted keeps its id.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

Named = Mapping[tuple[str, str], tuple[str, str]]
"""By kind and id: the name, and the address of its page, or nothing."""


def put(rows: Iterable[Any], *, request: HttpRequest) -> None:
    """Look up what `speaks_of` of each row names; it is in the rows' `named` then."""
    rows = list(rows)
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for kind, key in row.speaks_of:
            if key:
                wanted[kind].add(str(key))
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for kind, keys in wanted.items():
        model = _models().get(kind)
        if model is not None and _may_see(model, request):
            found |= {(kind, str(each.pk)): (str(each), _page(each)) for each in _rows(model, keys)}
    for row in rows:
        row.named = found


def shown(row: Any, kind: str, key: Any) -> SafeString | str:
    """What stands for one id of a row."""
    known: Named = getattr(row, "named", {})
    name, address = known.get((kind, str(key)), ("", ""))
    if not key:
        return "-"
    if not name:
        return f"{kind} {key}".strip()
    if not address:
        return name
    return format_html('<a href="{}" title="{}">{}</a>', address, key, name)


def as_key(field: Field, text: str) -> Any:
    """The text as a value of this column; None where it cannot be one."""
    try:
        return field.to_python(text)
    except ValidationError:
        return None


def _models() -> dict[str, type[Model]]:
    kinds = {str(each.audit_name): each for each in apps.get_models() if hasattr(each, "audit_name")}
    return {**kinds, "person": get_user_model()}


def _may_see(model: type[Model], request: HttpRequest) -> bool:
    page = admin.site._registry.get(model)
    return page is not None and page.has_view_permission(request)


def _rows(model: type[Model], keys: set[str]) -> Iterable[Model]:
    known = [value for key in keys if (value := as_key(model._meta.pk, key)) is not None]
    return model._default_manager.filter(pk__in=known)


def _page(row: Model) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
