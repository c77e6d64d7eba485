"""The page on which a dry sign-in ends. Made in the answer to the callback, so that nothing has to be kept for it."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fairlead import causes
from fairlead.audit.refusals import refused_by
from oidc_login import providers
from oidc_login.diagnostics import named
from oidc_login.flow.claims import EmailVerified
from oidc_login.flow.dry_run import Report
from oidc_login.flow.linking import Action
from oidc_login.models import AuthorizationRequest

_LONGEST = 500  # characters of one value
_VERIFIED = {
    EmailVerified.TRUE: gettext_noop("taken for verified"),
    EmailVerified.ABSENT: gettext_noop("the provider does not say whether it is verified"),
    EmailVerified.FALSE: gettext_noop("not verified"),
}


def show(request: HttpRequest, *, begun: AuthorizationRequest, report: Report) -> HttpResponse:
    """The report, for the administrator who began: `require_administrator` recognised them."""
    request.user = begun.user
    if report.refused:
        report.refused.cause = named.noted(report.refused.cause, provider_id=begun.provider)
    provider = providers.by_id(begun.provider, enabled_only=False)
    if report.external is not None and provider is not None:
        providers.tried(provider, now=timezone.now())
    context = {
        **admin.site.each_context(request),
        "title": _("Dry sign-in"),
        "provider": provider,
        "report": report,
        "refusal": report.refused and causes.told(report.refused.code, missing=report.refused.missing),
        "error_id": report.refused and refused_by(report.refused, request=request, provider=begun.provider),
        "documents": _documents(report),
        "email_verified": report.external and _(_VERIFIED[report.external.email_verified]),
        "outcome": _outcome(report),
    }
    response = render(request, "oidc_login/admin/dry_run.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _documents(report: Report) -> list[tuple[str, list[tuple[str, str]]]]:
    if not report.id_token:
        return []
    return [(_("ID token: verified"), _rows(report.id_token)), (_("Userinfo"), _rows(report.userinfo))]


def _rows(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(name)[:100], _text(value)) for name, value in sorted(document.items())]


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (
        text
        if len(text) <= _LONGEST
        else _("{start} (and {count} more characters)").format(start=text[:_LONGEST], count=len(text) - _LONGEST)
    )


def _outcome(report: Report) -> dict[str, str] | None:
    """What a real sign-in would have done, in words."""
    decision, account = report.decision, report.account_email
    if decision is None:
        return None
    match decision.action:
        case Action.SIGN_IN:
            return {
                "title": _("Would sign in {account}").format(account=account),
                "text": _("This identity is linked to that account already."),
            }
        case Action.LINK:
            text = _("The address is proven, so the identity would be linked by itself.")
            if decision.expected:
                text = _("An import expects this person, so the identity would be linked by itself, once.")
            if decision.wipe_unverified:
                text = " ".join(
                    [
                        text,
                        _("Nobody ever proved that account's address: its password and sessions would be taken away."),
                    ]
                )
            return {"title": _("Would link to {account}").format(account=account), "text": text}
        case Action.ASK_FOR_PASSWORD:
            text = _("The identity would be linked once the account's password was given.")
            return {"title": _("Would ask for the password of {account}").format(account=account), "text": text}
        case Action.CREATE:
            text = _("There is no account with this address yet. The address of the new one would not be verified.")
            if decision.verified_by:
                text = _("There is no account with this address yet. The address of the new one would be verified.")
            if decision.review:
                text = " ".join([text, _("It would wait for an administrator's approval.")])
            return {"title": _("Would make a new account"), "text": text}
    assert decision.cause is not None  # noqa: S101 - a refusal has its cause
    message = causes.told(decision.cause.code)
    return {
        "title": _("Would be refused: {title}").format(title=message.title),
        "text": f"{message.cause} {message.remedy}",
    }
