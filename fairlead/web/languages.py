"""Which languages people may choose, and how a browser keeps the choice.

A page speaks the language that was chosen in this browser, else the first of Accept-Language that is offered, else the
project's own: Django's LocaleMiddleware sees to that. Without it nothing can be chosen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import global_settings, settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, override

# Those that our catalogs speak, by what they call themselves.
NAMES = {"en": "English", "de": "Deutsch"}
_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"
_KEPT = "_fairlead_language"


def offered() -> dict[str, str]:
    """Code to name: those of LANGUAGES, or ours where the project leaves Django's list of all languages there are."""
    if _MIDDLEWARE not in settings.MIDDLEWARE:
        return {}
    if settings.LANGUAGES == global_settings.LANGUAGES:
        return NAMES
    return {code: NAMES.get(code, str(name)) for code, name in settings.LANGUAGES}


def of_request(request: HttpRequest) -> str:
    """The language that this request asks for and gets; "" where it asks for none, as most programs do."""
    asks = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or "Accept-Language" in request.headers
    spoken = get_language() or ""
    return spoken if asks and spoken in offered() else ""


@contextmanager
def spoken_to(language: str) -> Iterator[None]:
    """Speak a person's language; that of the request where theirs is "" or is offered no more."""
    with override(language if language in offered() else get_language()):
        yield


def keep(request: HttpRequest, code: str) -> None:
    """Have this browser speak it from the next request on, if it is offered: `kept` writes it into the answer."""
    if code in offered():
        setattr(request, _KEPT, code)


def kept(request: HttpRequest, response: HttpResponseBase) -> None:
    if code := getattr(request, _KEPT, ""):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
        )
