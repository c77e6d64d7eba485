"""Addresses of what the base templates need beside static files, and the one that is for the installation itself."""

from django.urls import path

from fairlead.web import brand, language_choice
from fairlead.web.health import echo

app_name = "fairlead_web"
urlpatterns = [
    path("brand.css", brand.serve, {"write": brand.style_sheet}, name="brand"),
    path("brand-admin.css", brand.serve, {"write": brand.admin_style_sheet}, name="brand-admin"),
    path("language", language_choice.Choose.as_view(), name="language"),
    path(".well-known/fairlead", echo.answer, name="echo"),
]
