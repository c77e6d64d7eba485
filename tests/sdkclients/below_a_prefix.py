"""Routes of a project that puts everything below /id/, and its administration elsewhere."""

from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from config import docs

_OURS: list[URLPattern | URLResolver] = [
    # The site's administration links to the account page.
    path("", include("accounts.urls")),
    path("", include("sdkclients.urls")),
    path("", include("userpools.urls")),
    path("", include("fairlead.orgs.urls")),
    path("problems", docs.problems, name="problems"),
]
urlpatterns = [path("id/", include(_OURS)), path("backoffice/", admin.site.urls)]

handler404 = "fairlead.web.error_pages.not_found"
