"""What no report may show. Examinations name settings, not their secrets; this catches what a library's text repeats.

Apps add what they hold: functions that give the secrets as text.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fairlead.conf import conf
from fairlead.registry import Registry

secrets: Registry[Callable[[], Iterable[str]]] = Registry()
# Shorter ones would take the words around them along.
_SHORTEST = 4  # characters


def without_secrets(text: str) -> str:
    for secret in sorted(_all(), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _all() -> set[str]:
    found = {each for give in secrets for each in give()}
    return {form for each in found for form in (each, quote(each, safe=""), unquote(each)) if len(form) >= _SHORTEST}


def of_settings() -> Iterator[str]:
    """Secrets in Django's settings and in FAIRLEAD, addresses with a password in them included."""
    yield from (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, settings.EMAIL_HOST_PASSWORD or "")
    yield from (str(each.get("PASSWORD") or "") for each in settings.DATABASES.values())
    for each in settings.CACHES.values():
        places = each.get("LOCATION") or ()
        yield from map(_password, [places] if isinstance(places, str) else map(str, places))
    for storage in settings.STORAGES.values():
        options: Any = storage.get("OPTIONS") or {}
        yield from (str(options.get(name) or "") for name in ("secret_key", "access_key"))
    try:
        values = conf()
    except ImproperlyConfigured:
        return
    yield from (*values.encryption_keys, values.oidc_client_secret, _password(values.outbound_proxy))


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
