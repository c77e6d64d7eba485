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
    social_account = apps.get_model("socialaccount", "SocialAccount")
    known = {**_ISSUERS, **_from_tables(), **_from_settings(), **issuers}
    accounts = social_account._default_manager.select_related("user").order_by("pk")
    other = _other_uid_fields()
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


def _from_tables() -> dict[str, str]:
    """Provider id -> issuer, of the OpenID Connect apps that were entered in the admin."""
    return {
        each.provider_id or each.provider: str(each.settings["server_url"])
        for each in apps.get_model("socialaccount", "SocialApp")._default_manager.filter(provider=OPENID_CONNECT)
        if each.settings.get("server_url")
    }


def _from_settings() -> dict[str, str]:
    """Provider id -> issuer, of the OpenID Connect apps in SOCIALACCOUNT_PROVIDERS."""
    return {
        str(each["provider_id"]): str(each["settings"]["server_url"])
        for each in _apps_in_settings()
        if each.get("provider_id") and each.get("settings", {}).get("server_url")
    }


def _other_uid_fields() -> set[str]:
    """Provider ids whose uid was taken from another claim than `sub`."""
    stored = apps.get_model("socialaccount", "SocialApp")._default_manager.filter(provider=OPENID_CONNECT)
    found = {(each.provider_id or each.provider): each.settings.get("uid_field", "sub") for each in stored}
    found |= {
        str(each.get("provider_id")): each.get("settings", {}).get("uid_field", "sub") for each in _apps_in_settings()
    }
    return {provider_id for provider_id, field in found.items() if field != "sub"}


def _apps_in_settings() -> list[dict[str, Any]]:
    given = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get(OPENID_CONNECT, {})
    return [*given.get("APPS", []), *([given["APP"]] if "APP" in given else [])]
