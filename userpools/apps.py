"""User pools: what they register with the ground floor."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class UserPoolsConfig(app_config.FairleadApp):
    name = "userpools"
    verbose_name = _("User pools")
    needs = ("fairlead.audit", "fairlead.web", "fairlead.idtokens", "fairlead.orgs")

    def ready(self) -> None:
        super().ready()
        from django.utils.translation import gettext_noop

        from fairlead.web import seams
        from fairlead.web.health import examinations
        from userpools import examination, signing_keys

        seams.expired.add("keys of hosted pools whose last token has expired", signing_keys.forget_ended)
        examinations.add("pools", gettext_noop("User pools"), examination.look, rank=80, about="pool", needs="database")
