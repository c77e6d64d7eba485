"""The addresses of allauth's headless session, and the views that its documentation tells one to write."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
]
