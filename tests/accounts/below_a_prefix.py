"""Routes of a project that puts everything of ours below /id/, and its administration elsewhere."""

from django.contrib import admin
from django.urls import include, path

_OURS = [path("", include("accounts.urls")), path("", include("oidc_login.urls"))]
urlpatterns = [path("id/", include(_OURS)), path("backoffice/", admin.site.urls)]
