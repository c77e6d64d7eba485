"""The admin's Health page: the findings of `manage.py doctor`. GET asks nobody outside, POST does."""

import time
from itertools import groupby

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fairlead.conf import Rate
from fairlead.web import rate_limits
from fairlead.web.health import examinations, report
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict

_ASKED = Rate("6/60")

PERMISSION = "fairlead_web.view_health"
_SECONDS = 25  # that a request may hold a thread for


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """For superusers, and staff with the permission: findings name settings and addresses."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, Asked(offline=True))
    try:
        rate_limits.hit("health", str(request.user.pk), _ASKED)
    except rate_limits.RateLimited as refused:
        return _page(request, Asked(offline=True), refused=gettext(refused.detail), status=429)
    return _page(request, Asked(until=time.monotonic() + _SECONDS))


def _page(request: HttpRequest, asked: Asked, *, refused: str = "", status: int = 200) -> HttpResponse:
    findings = examinations.run(asked)
    titles = {each.area: gettext(each.title) for each in examinations.registry}
    context = {
        **admin.site.each_context(request),
        "title": gettext("Health"),
        "refused": refused,
        "offline": asked.offline,
        "verdict": examinations.worst(findings).value,
        "summary": report.count(findings),
        "wrong": [(titles[each.area], each) for each in findings if each.verdict.rank >= Verdict.WARNING.rank],
        "areas": [(titles[area], list(rows)) for area, rows in groupby(findings, key=_area)],
    }
    return render(request, "fairlead/health.html", context, status=status)


def _area(finding: Finding) -> str:
    return finding.area
