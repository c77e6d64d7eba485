from django.apps import AppConfig


class SdkClientsConfig(AppConfig):
    name = "sdkclients"
    verbose_name = "SDK clients"
