from django.apps import AppConfig


class IdTokensConfig(AppConfig):
    name = "idtokens"
