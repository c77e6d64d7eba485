from fairlead import app_config


class UserPoolsConfig(app_config.FairleadApp):
    name = "userpools"
    verbose_name = "User pools"
    needs = ("fairlead.audit", "fairlead.web", "fairlead.idtokens", "fairlead.orgs")

    def ready(self) -> None:
        super().ready()
        from fairlead.web import seams
        from userpools import signing_keys

        seams.expired.add("keys of hosted pools whose last token has expired", signing_keys.forget_ended)
