from fairlead import app_config


class SdkClientsConfig(app_config.FairleadApp):
    name = "sdkclients"
    verbose_name = "SDK clients"
    needs = ("fairlead.audit", "fairlead.web", "fairlead.idtokens", "fairlead.orgs", "userpools")
