from fairlead import app_config


class IdTokensConfig(app_config.FairleadApp):
    name = "fairlead.idtokens"
    label = "fairlead_idtokens"
