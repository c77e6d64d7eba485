"""The administration's first page: what there is to do, with its numbers, and the sign-ins of the last two weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Model, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairlead.audit.events import Event
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.web import charts
from fairlead.web.health.page import PERMISSION as HEALTH
from fairlead.web.models import OutgoingMail

DAYS = 14
_GIVEN_UP = OutgoingMail.State.GIVEN_UP
_MOST = 10_000  # rows that are counted: more is told as "more than"


@dataclass(frozen=True, kw_only=True)
class Line:
    """`number` is empty where nothing is counted. `urgent`: somebody waits for it."""

    text: str
    address: str
    number: str = ""
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    title: str
    lines: list[Line]


def jobs(request: HttpRequest) -> list[Job]:
    """What this person may see, in the order of a day."""
    day_ago = timezone.now() - timedelta(days=1)
    found = [
        (_("People"), [
            *_line(request, "accounts.user", _("People")),
            *_line(request, "accounts.user", _("Waiting for approval"), urgent=True, status="pending"),
            *_line(request, "accounts.user", _("Suspended"), status="suspended"),
            *_line(request, "accounts.session", _("Open sessions"), ended_at__isnull=True),
            *_page(request, "accounts.signinpolicy", _("Sign-in policy")),
        ]),
        (_("Sign-in providers"), [
            *_line(request, "oidc_login.provider", _("Enabled"), enabled=True),
            *_line(request, "oidc_login.provider", _("Not enabled"), enabled=False),
        ]),
        (_("Organizations"), [
            *_line(request, "fairlead_orgs.organization", _("Organizations")),
            *_line(request, "fairlead_orgs.apikey", _("API keys that are not revoked"), revoked_at__isnull=True),
        ]),
        (_("Pools and clients"), [
            *_line(request, "userpools.userpool", _("User pools")),
            *_line(request, "userpools.userpool", _("Keys not reachable"), urgent=True, keys_unreachable=True),
            *_line(request, "sdkclients.sdkclient", _("SDK clients")),
        ]),
        (_("Record"), [
            *_line(request, "fairlead_audit.refusal", _("Refusals of the last 24 hours"), at__gte=day_ago),
            *_page(request, "fairlead_audit.auditevent", _("Events")),
        ]),
        (_("Health"), [
            *_health(request),
            *_line(request, "fairlead_web.outgoingmail", _("Mails that wait"), state=OutgoingMail.State.WAITING),
            *_line(request, "fairlead_web.outgoingmail", _("Mails given up"), urgent=True, state=_GIVEN_UP),
        ]),
    ]  # fmt: skip
    return [Job(title=title, lines=lines) for title, lines in found if lines]


def chart(request: HttpRequest) -> SafeString | str:
    """For whoever may read the record."""
    if not all(_may_see(request, model) for model in (AuditEvent, Refusal)):
        return ""
    today = timezone.now().astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    signed_in = _by_day(AuditEvent.objects.filter(event=Event.SIGNED_IN, at__gte=since), Count("pk"))
    # Refused calls of programs stand in the same table, with whose they were.
    people = Refusal.objects.filter(at__gte=since, pool=None, client=None, key_prefix="")
    refused = _by_day(people, Sum("count"))
    days = [first + timedelta(days=nth) for nth in range(DAYS)]
    return charts.calls(
        [charts.Day(day=each, accepted=signed_in.get(each, 0), refused=refused.get(each, 0)) for each in days],
        name="sign-ins",
        title=_("Sign-ins and refusals of the last 14 days"),
        accepted=_("sign-ins"),
        refused=_("refusals"),
        none_yet=_("Nobody signed in or was refused in the last 14 days."),
    )


def _by_day(rows: QuerySet, counted: Any) -> dict[date, int]:
    found = rows.order_by().annotate(day=TruncDate("at", tzinfo=UTC)).values("day").annotate(n=counted)
    return {each["day"]: each["n"] for each in found}


def _line(request: HttpRequest, label: str, text: str, *, urgent: bool = False, **wanted: Any) -> Iterator[Line]:
    model = apps.get_model(label)
    if not _may_see(request, model):
        return
    count = admin.site.get_model_admin(model).get_queryset(request).filter(**wanted).order_by()[: _MOST + 1].count()
    number = number_format(min(count, _MOST), force_grouping=True)
    if count > _MOST:
        number = _("more than {number}").format(number=number)
    yield Line(text=text, address=_address(model, **wanted), number=number, urgent=urgent and count > 0)


def _page(request: HttpRequest, label: str, text: str) -> Iterator[Line]:
    model = apps.get_model(label)
    if _may_see(request, model):
        yield Line(text=text, address=_address(model))


def _health(request: HttpRequest) -> Iterator[Line]:
    if request.user.has_perm(HEALTH):
        yield Line(text=_("What is wrong with this installation"), address=reverse("admin:fairlead_health"))


def _may_see(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.is_registered(model) and admin.site.get_model_admin(model).has_view_permission(request)


def _address(model: type[Model], **wanted: Any) -> str:
    """The list, filtered alike, by the lookups of the list's own filters."""
    query = {name: str(value) for name, value in wanted.items() if not name.endswith("__gte")}
    named = {name if "__" in name else f"{name}__exact": value for name, value in query.items()}
    flags = {"True": "1", "False": "0"}
    return reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
        query={name: flags.get(value, value) for name, value in named.items()},
    )
