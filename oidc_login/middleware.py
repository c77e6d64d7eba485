"""A browser that was signed in through a provider is signed in only while its ProviderSession row is there.

Django's own session would go on after the row was ended, and for whoever copied the cookie. Sessions that another
sign-in page opened name no row, and are let through as they are.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from oidc_login import sessions


class ProviderSessionMiddleware:
    """Stands right behind Django's AuthenticationMiddleware. Reads the row only where somebody asks who is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        of_django = request.user
        request.user = SimpleLazyObject(lambda: _checked(request, of_django))  # type: ignore[assignment]
        return self.get_response(request)


def _checked(request: HttpRequest, of_django: Any) -> Any:
    if not of_django.is_authenticated or sessions.KEY not in request.session:
        return of_django
    if sessions.is_open(request.session[sessions.KEY], user=of_django):
        return of_django
    # Not logout(): that asks for request.user, which is being worked out here.
    request.session.flush()
    return AnonymousUser()
