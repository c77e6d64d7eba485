"""Where a person may be sent after a sign-in: a path of ours, or an address of our own or the front end's origin.

Judged as a browser reads it, not as a parser does; checked when the sign-in begins and again when the target is used.
"""

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from fairlead.conf import conf
from fairlead.web import seams
from fairlead.web.redirects import safe_path
from oidc_login.errors import LoginRefused

MAX_LENGTH = 2000


def safe_target(wanted: str) -> str:
    """The target as it may be stored and used. Raises LoginRefused(invalid_redirect)."""
    if len(wanted) <= MAX_LENGTH:
        if safe_path(wanted) is not None:
            return wanted
        for origin in {conf().origin, conf().frontend_url}:
            rest = wanted.removeprefix(origin)
            if rest != wanted and safe_path(_as_path(rest)) is not None:
                return wanted
    raise LoginRefused("request.redirect")


def sign_in_page(ends_at: str) -> str:
    """The page that a sign-in ends at, on the front end with this origin, or on our own site."""
    return f"{ends_at}{own_sign_in_page() if ends_at == conf().origin else '/login'}"


def own_sign_in_page() -> str:
    return reverse("oidc_login:login")


def providers_page() -> str:
    """Where a person sees their linked providers: part of the account page of another app, or a page of our own."""
    for address in seams.account_page:
        return f"{address()}#providers"
    return reverse("oidc_login:providers")


def landing(target: str) -> str:
    """Where somebody who asked for nothing in particular goes."""
    return resolve_url(settings.LOGIN_REDIRECT_URL) if target == "/" else target


def _as_path(rest: str) -> str:
    """What follows an origin, as a path: `https://app.example` and `https://app.example?x` mean its root."""
    return f"/{rest}" if rest == "" or rest[0] in "?#" else rest
