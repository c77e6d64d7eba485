"""The language of a person: that of the page on which they came the first time, then the one they choose.

Mails to them are written in it, whoever causes them; and a browser in which they sign in speaks it from then on.
"""

from django.http import HttpRequest

from accounts.models import User


def chosen(request: HttpRequest, code: str) -> None:
    """Note it for whoever is signed in to this browser."""
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
