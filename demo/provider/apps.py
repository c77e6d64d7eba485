"""The provider as a Django app."""

from django.apps import AppConfig


class DemoProviderConfig(AppConfig):
    name = "demo.provider"
    label = "demo_provider"
    default_auto_field = "django.db.models.BigAutoField"
