"""Pages of the record: to read, to filter, to search; nothing else. Quick also with a million rows.

One box takes an id, an address of mail, an address of the network or a code. Each is looked up by equality in columns
with an index: a text within a text would be looked for in every row.
"""

import ipaddress
import re
from datetime import UTC
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from fairlead import email_address
from fairlead.audit.admin import names
from fairlead.people import people
from fairlead.person_refusals import SeveralAccounts
from fairlead.read_only_rows import ReadOnlyRows

MOST_SHOWN = 5_000
_WORD = re.compile(r"\A[a-z_.]{3,60}\Z")


class _Named(ChangeList):
    """Whom and what its rows speak of, looked up once for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        names.put(self.result_list, request=request)


class FirstRows(Paginator):
    """The newest MOST_SHOWN rows: to count a million is to read them. Whoever looks for an older one searches."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:MOST_SHOWN].count())


class ReadOnly(ReadOnlyRows, admin.ModelAdmin):
    """`ids`, `networks`, `words` are the columns that the box looks into, by what was typed."""

    show_full_result_count = False
    paginator = FirstRows
    list_per_page = 50
    search_fields = ("pk",)  # for the box to be there
    ids: ClassVar[tuple[str, ...]] = ()
    networks: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[tuple[str, ...]] = ()

    def of_address(self, address: str, people_ids: list[str]) -> Q:
        """The rows of a mail address, and of the person who has it."""
        raise NotImplementedError

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            return queryset.filter(self.of_address(term, _people_at(term))), False
        columns = self.ids
        if _is_network(term):
            columns = self.networks
        elif _WORD.match(term):
            columns = (*self.words, *self.ids)
        wanted = Q(pk__in=[])
        for column in columns:
            value = names.as_key(queryset.model._meta.get_field(column), term)
            wanted |= Q() if value is None else Q(**{column: value})
        return queryset.filter(wanted), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _Named

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        names.put([found] if found is not None else [], request=request)
        return found

    @admin.display(description=_("time (UTC)"), ordering="at")
    def when(self, row: Any) -> str:
        return f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _people_at(address: str) -> list[str]:
    try:
        found = people().by_email(email_address.canonical(address))
    except (email_address.InvalidAddress, SeveralAccounts):
        return []
    return [] if found is None else [str(found.pk)]


def _is_network(term: str) -> bool:
    try:
        ipaddress.ip_network(term)
    except ValueError:
        return False
    # A number alone is an address to Python, and an id to everybody else.
    return not term.isdigit()
