"""Secrets: encrypted fields and rows that count once."""

from fairlead import app_config


class CredentialsConfig(app_config.FairleadApp):
    name = "fairlead.credentials"
    label = "fairlead_credentials"
