"""Django's own signals of signing in and out, for a site whose sessions `sessions` keeps."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from fairlead.people import people
from oidc_login import sessions
from oidc_login.people import People


@receiver(user_logged_in, dispatch_uid="oidc_login.signed_in")
def signed_in(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    """By the site's own page too: how long ago that was decides what may be done without signing in anew."""
    if request is not None and _ours(request):
        sessions.note(request)


@receiver(user_logged_out, dispatch_uid="oidc_login.signed_out")
def signed_out(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    if request is not None and _ours(request):
        sessions.forget(request)


def _ours(request: HttpRequest) -> bool:
    return isinstance(people(), People) and hasattr(request, "session")
