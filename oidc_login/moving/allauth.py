"""Accounts that were linked with django-allauth. Its `uid` is the subject only where its provider took `sub` for it.

The tables are reached through Django's app registry, so nothing of the package is imported; its apps have to be
installed while this runs, and may go afterwards.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.conf import settings

from oidc_login.moving import plan
from oidc_login.moving.issuers import provider_of
from oidc_login.moving.plan import Row

OPENID_CONNECT = "openid_connect"
# Providers of their own in django-allauth whose uid is the ID token's `sub`, with their issuer.
_ISSUERS = {"google": "https://accounts.google.com", "apple": "https://appleid.apple.com"}
_ANOTHER_ID = (
    "its uid is this provider's own id of the account, not the subject of an ID token; they link by signing in"
)


def rows(issuers: Mapping[str, str]) -> list[Row]:
    """A row for every social account. `issuers` names the issuer of provider ids that cannot be known otherwise.

    Raises LookupError where allauth's tables are not installed.
    """
    there = _openid_connect_apps()
    known = {**_ISSUERS, **_issuers_of(there), **issuers}
    # Their uid was taken from another claim than `sub`.
    other = {provider_id for provider_id, given in there if given.get("uid_field", "sub") != "sub"}
    accounts = _table("SocialAccount").select_related("user").order_by("pk")
    return plan.one_each([_row(each, known, other) for each in accounts])


def _row(account: Any, known: Mapping[str, str], other_uid_fields: set[str]) -> Row:
    source = f"socialaccount {account.pk} ({account.provider})"
    if account.provider in other_uid_fields:
        return Row(source=source, user=account.user, reason="its app takes another field than sub for the uid")
    issuer = known.get(account.provider)
    if issuer is None:
        hint = f"if it is OpenID Connect, name it: --issuer {account.provider}=https://..."
        return Row(source=source, user=account.user, reason=f"{_ANOTHER_ID}; {hint}")
    provider = provider_of(issuer)
    if provider is None:
        reason = f"no provider with the issuer {issuer} is set up here: add it, then run this again"
        return Row(source=source, user=account.user, reason=reason)
    return plan.for_subject(source=source, user=account.user, provider=provider, subject=str(account.uid))


def _issuers_of(apps_there: list[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    return {provider_id: str(given["server_url"]) for provider_id, given in apps_there if given.get("server_url")}


def _openid_connect_apps() -> list[tuple[str, dict[str, Any]]]:
    """Provider id and settings of each OpenID Connect app, entered in the admin or in SOCIALACCOUNT_PROVIDERS."""
    stored = _table("SocialApp").filter(provider=OPENID_CONNECT)
    given = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get(OPENID_CONNECT, {})
    written = [*given.get("APPS", []), *([given["APP"]] if "APP" in given else [])]
    return [
        *((each.provider_id or each.provider, each.settings) for each in stored),
        *((str(each.get("provider_id") or OPENID_CONNECT), each.get("settings", {})) for each in written),
    ]


def _table(name: str) -> Any:
    """All rows of a model of allauth's. Raises LookupError where it is not installed."""
    return apps.get_model("socialaccount", name)._default_manager.all()
