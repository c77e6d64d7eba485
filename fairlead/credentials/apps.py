from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "fairlead.credentials"
    label = "fairlead_credentials"
