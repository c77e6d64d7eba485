"""The addresses of drf-oidc-auth, and the views that its documentation tells one to write."""

from django.urls import path
from oidc_auth.authentication import JSONWebTokenAuthentication

from bench.peers.views import Hello

urlpatterns = [path("hello", Hello.as_view(authentication_classes=[JSONWebTokenAuthentication]))]
