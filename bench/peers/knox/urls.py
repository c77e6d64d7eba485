"""The addresses of knox, and the views that its documentation tells one to write."""

from django.urls import path
from knox.auth import TokenAuthentication

from bench.peers.views import Hello

urlpatterns = [path("hello", Hello.as_view(authentication_classes=[TokenAuthentication]))]
