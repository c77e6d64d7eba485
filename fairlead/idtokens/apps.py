from django.apps import AppConfig


class IdTokensConfig(AppConfig):
    name = "fairlead.idtokens"
    label = "fairlead_idtokens"
