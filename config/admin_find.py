"""One box of the administration for an id, an address or a name: it leads to the row, or to what there is of it.

Each list is asked in its own way, and only by whoever may see it. An exact id or name goes before what looks alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from fairlead.audit.models import AuditEvent, Refusal
from fairlead.orgs import api_keys
from fairlead.orgs.tenancy import identifier_of

LONGEST = 200  # characters that are looked for
_SHOWN = 10
_KINDS = (
    "accounts.user", "fairlead_orgs.organization", "oidc_login.provider", "userpools.userpool", "sdkclients.sdkclient",
    "fairlead_orgs.apikey", "userpools.appuser", "accounts.session",
)  # fmt: skip
_RECORD = (Refusal, AuditEvent)


@dataclass(frozen=True, kw_only=True)
class Found:
    """`address` is the list with all of them; `rows` are names and addresses of the first."""

    title: str
    address: str
    rows: list[tuple[str, str]]


def find(request: HttpRequest) -> HttpResponse:
    term = _term(request.GET.get("q", ""))
    if term and (exact := _by_id(request, term)):
        return HttpResponseRedirect(exact)
    found = list(_found(request, term)) if term else []
    rows = [row for each in found for row in each.rows]
    exactly = [row for row in rows if row[0].casefold() == term.casefold()]
    for alone in (exactly, rows):
        if len(alone) == 1:
            return HttpResponseRedirect(alone[0][1])
    context = {**admin.site.each_context(request), "title": _("Find"), "term": term, "found": found}
    return TemplateResponse(request, "admin/find.html", context)


def _term(typed: str) -> str:
    """Of an API key only its beginning is looked for, and shown: somebody may have pasted all of it."""
    term = typed.replace("\0", "").strip()[:LONGEST]
    return term[: api_keys.HINT] if term.startswith(f"{api_keys.PREFIX}_") else term


def _by_id(request: HttpRequest, term: str) -> str:
    """The page of the row that has exactly this id."""
    if _may_see(request, Refusal) and Refusal.objects.filter(pk=term).exists():
        return _page(Refusal(pk=term))
    identifier = identifier_of(term)
    if identifier is None:
        return ""
    for model in _models(request):
        if model._meta.pk.get_internal_type() == "UUIDField":
            row = admin.site.get_model_admin(model).get_queryset(request).filter(pk=identifier).first()
            if row is not None:
                return _page(row)
    return ""


def _found(request: HttpRequest, term: str) -> Iterable[Found]:
    for model in _models(request):
        rows = _search(request, model, term)[:_SHOWN]
        if rows:
            yield Found(
                title=_title(model), address=_list(model, term), rows=[(str(each), _page(each)) for each in rows]
            )
    for model in _RECORD:
        if _may_see(request, model) and _search(request, model, term)[:1]:
            yield Found(title=_title(model), address=_list(model, term), rows=[])


def _search(request: HttpRequest, model: type[Model], term: str) -> Any:
    page = admin.site.get_model_admin(model)
    rows, may_repeat = page.get_search_results(request, page.get_queryset(request), term)
    return rows.distinct() if may_repeat else rows


def _models(request: HttpRequest) -> list[type[Model]]:
    return [model for model in map(apps.get_model, _KINDS) if _may_see(request, model)]


def _may_see(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.is_registered(model) and admin.site.get_model_admin(model).has_view_permission(request)


def _title(model: type[Model]) -> str:
    name = str(model._meta.verbose_name_plural)
    return name[:1].upper() + name[1:]


def _page(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _list(model: type[Model], term: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query={"q": term})
