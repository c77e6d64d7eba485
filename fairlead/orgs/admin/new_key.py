"""The page that shows a new API key, once."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from fairlead.orgs.models import ApiKey


def show_new_key(request: HttpRequest, key: ApiKey, plaintext: str, *, back: str) -> HttpResponse:
    """On the answer itself, not as a message: messages are kept in a cookie or the session.

    `back` is the address to go on to.
    """
    context = {
        **admin.site.each_context(request),
        "title": gettext("The new API key"),
        "key": key,
        "plaintext": plaintext,
        "back": back,
    }
    response = TemplateResponse(request, "fairlead/orgs/new_key.html", context)
    response["Cache-Control"] = "no-store"
    return response
