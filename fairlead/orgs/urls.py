"""Addresses of an organization's own calls: none yet. Pools and clients have theirs in their apps."""

from django.urls import URLPattern

app_name = "fairlead_orgs"
urlpatterns: list[URLPattern] = []
