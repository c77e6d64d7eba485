"""SDK clients."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class SdkClientsConfig(app_config.FairleadApp):
    name = "sdkclients"
    verbose_name = _("SDK clients")
    needs = ("fairlead.audit", "fairlead.web", "fairlead.idtokens", "fairlead.orgs", "userpools")
