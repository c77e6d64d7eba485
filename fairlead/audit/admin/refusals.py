"""Refusals in the administration: why somebody, or some program, did not get in, in words."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fairlead import causes
from fairlead.audit import addresses
from fairlead.audit.admin.names import shown
from fairlead.audit.admin.reading import ReadOnly
from fairlead.audit.models import Refusal


class OfCode(admin.SimpleListFilter):
    title = _("code")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(each, each) for each in sorted(causes.PERSON)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(Refusal)
class RefusalAdmin(ReadOnly):
    """Found by the error id that a person reads out."""

    list_display = ["when", "code", "why", "person", "provider", "of_organization", "count"]
    list_display_links = ["when"]
    list_filter = [OfCode, "at"]
    fields = [
        "id", "when", "code", "cause", "why", "facts", "count", "last_at", "door", "person", "provider",
        "of_organization", "of_pool", "of_client", "key_prefix", "source", "request_id",
    ]  # fmt: skip
    ids = ("id", "request_id", "person_id", "organization")
    networks = ("source",)
    words = ("code",)

    def of_address(self, address: str, people_ids: list[str]) -> Q:
        return Q(address_hmac__in=addresses.digests(address)) | Q(person_id__in=people_ids)

    @admin.display(description=_("why"))
    def why(self, refusal: Refusal) -> str:
        return causes.of_record(refusal.cause, refusal.code, refusal.facts).operator

    @admin.display(description=_("person"))
    def person(self, refusal: Refusal) -> str:
        return shown(refusal, "person", refusal.person_id)

    @admin.display(description=_("organization"))
    def of_organization(self, refusal: Refusal) -> str:
        return shown(refusal, "organization", refusal.organization)

    @admin.display(description=_("user pool"))
    def of_pool(self, refusal: Refusal) -> str:
        return shown(refusal, "user_pool", refusal.pool)

    @admin.display(description=_("SDK client"))
    def of_client(self, refusal: Refusal) -> str:
        return shown(refusal, "sdk_client", refusal.client)
