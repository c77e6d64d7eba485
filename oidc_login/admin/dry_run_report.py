"""The page on which a dry sign-in ends. Made in the answer to the callback, so that nothing has to be kept for it."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oidc_login import providers
from oidc_login.flow.claims import Proof
from oidc_login.flow.dry_run import Seen
from oidc_login.flow.linking import Action
from oidc_login.messages import explain
from oidc_login.models import LoginAttempt

_LONGEST = 500  # characters of one value
_PROOF = {
    Proof.PROVEN: "taken for verified",
    Proof.UNSAID: "the provider does not say whether it is verified",
    Proof.NOT_PROVEN: "not verified",
}


def show(request: HttpRequest, *, attempt: LoginAttempt, seen: Seen) -> HttpResponse:
    """The report, for the administrator who began and who was recognised by the caller."""
    assert attempt.user is not None  # noqa: S101 - `require_administrator` compared it
    request.user = attempt.user
    context = {
        **admin.site.each_context(request),
        "title": "Dry sign-in",
        "provider": providers.configured(attempt.provider),
        "seen": seen,
        "refusal": seen.refused and explain(seen.refused.code, missing=seen.refused.missing),
        "documents": [("ID token", _rows(seen.id_token)), ("Userinfo", _rows(seen.userinfo))] if seen.id_token else [],
        "email_proof": seen.person and _PROOF[seen.person.proof],
        "outcome": _outcome(seen),
    }
    response = render(request, "oidc_login/admin/dry_run.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _rows(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(name)[:100], _text(value)) for name, value in sorted(document.items())]


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} (and {len(text) - _LONGEST} more characters)"


def _outcome(seen: Seen) -> dict[str, str] | None:
    """What a real sign-in would have done, in words."""
    decision = seen.decision
    if decision is None:
        return None
    account = seen.account.email if seen.account else ""
    match decision.action:
        case Action.SIGN_IN:
            return {"title": f"Would sign in {account}", "text": "This identity is linked to that account already."}
        case Action.LINK:
            text = "The address is proven, so the identity would be linked by itself."
            if decision.drop_holdings:
                text += " Nobody ever proved that account's address: its password and sessions would be taken away."
            return {"title": f"Would link to {account}", "text": text}
        case Action.ASK_FOR_PASSWORD:
            text = "The identity would be linked once the account's password was given."
            return {"title": f"Would ask for the password of {account}", "text": text}
        case Action.CREATE:
            verified = "verified" if decision.email_verified else "not verified"
            text = f"There is no account with this address yet. The address of the new one would be {verified}."
            if decision.review:
                text += " It would wait for an administrator's approval."
            return {"title": "Would make a new account", "text": text}
    assert decision.code is not None  # noqa: S101 - a refusal names its code
    message = explain(decision.code)
    return {"title": f"Would be refused: {message.title}", "text": f"{message.cause} {message.remedy}"}
