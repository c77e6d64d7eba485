"""Where a sign-in may end, and where a person may be sent from there.

It ends on our own site or on one of FRONTEND_URLS: where it began, or where `return_to` says. Both the place and the
target are checked when the sign-in begins and again when they are used; a target as a browser reads it, not as a parser
does.
"""

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from fairlead import origins
from fairlead.conf import conf
from fairlead.web import seams
from fairlead.web.redirects import safe_path
from oidc_login.errors import LoginRefused

MAX_LENGTH = 2000


def end_of_sign_in(return_to: str) -> str:
    """The origin where a sign-in ends; FRONTEND_URL without a `return_to`. Raises LoginRefused(invalid_redirect)."""
    try:
        return require_listed(origins.exactly(return_to) if return_to else conf().frontend_url)
    except ValueError:
        raise LoginRefused("request.return_to") from None


def require_listed(ends_at: str) -> str:
    """The same origin. Raises LoginRefused(invalid_redirect) where no sign-in may end there (any more)."""
    values = conf()
    if ends_at != values.origin and ends_at not in values.frontend_urls:
        raise LoginRefused("request.return_to")
    return ends_at


def safe_target(wanted: str, *, ends_at: str) -> str:
    """The target as it may be stored and used: a path, or an address of ours or of where the sign-in ends.

    Raises LoginRefused(invalid_redirect).
    """
    if len(wanted) <= MAX_LENGTH:
        if safe_path(wanted) is not None:
            return wanted
        for origin in {conf().origin, ends_at}:
            rest = wanted.removeprefix(origin)
            if rest != wanted and safe_path(_as_path(rest)) is not None:
                return wanted
    raise LoginRefused("request.redirect")


def sign_in_page(ends_at: str) -> str:
    """The page that a sign-in ends at, on the front end with this origin, or on our own site.

    Errors too: of one that ends at an origin which is not listed any more they are told on our own site.
    """
    values = conf()
    if ends_at in values.frontend_urls and ends_at != values.origin:
        return f"{ends_at}/login"
    return f"{values.origin}{own_sign_in_page()}"


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
