"""A browser is signed in only while its Session row is open.

Django's own session would stay valid after "end this device", and for whoever copied the cookie. The row is read once
per request, and only where somebody asks for `request.user`. A browser that was signed in speaks the person's language.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import Session, User
from accounts.sessions import browser, lifecycle
from fairlead.web import languages


class OpenSessionMiddleware:
    """Stands right behind Django's AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        of_django = request.user
        request.user = SimpleLazyObject(lambda: _checked(request, of_django))  # type: ignore[assignment]
        response = self.get_response(request)
        languages.kept(request, response)
        return response


def _checked(request: HttpRequest, of_django: User | AnonymousUser) -> User | AnonymousUser:
    if not of_django.is_authenticated:
        return AnonymousUser()
    session = browser.session_of(request)
    if session is None and browser.KEY not in request.session:
        session = _adopt(request, of_django)
    if session is None or session.user_id != of_django.pk:
        # Not logout(): that asks for request.user, which is being worked out here.
        request.session.flush()
        return AnonymousUser()
    lifecycle.seen(session, now=timezone.now())
    return session.user


def _adopt(request: HttpRequest, user: User) -> Session:
    """Django's `login()` was called by somebody else's code: give that session a row, or it could never be ended."""
    session = lifecycle.begin(user, request=request, method=Session.Method.PASSWORD, kind=Session.Kind.WEB)
    browser.bind(request, session)
    return session
