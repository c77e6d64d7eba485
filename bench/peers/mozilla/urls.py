"""The addresses of mozilla-django-oidc's DRF class, and the views that its documentation tells one to write."""

from django.urls import include, path
from mozilla_django_oidc.contrib.drf import OIDCAuthentication

from bench.peers.views import Hello

urlpatterns = [
    path("hello", Hello.as_view(authentication_classes=[OIDCAuthentication])),
    path("oidc/", include("mozilla_django_oidc.urls")),
]
