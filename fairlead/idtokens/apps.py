"""Keys of issuers, and the verification of their tokens."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class IdTokensConfig(app_config.FairleadApp):
    name = "fairlead.idtokens"
    label = "fairlead_idtokens"
    verbose_name = _("Keys of issuers")

    def ready(self) -> None:
        super().ready()
        from fairlead import metrics
        from fairlead.idtokens import waiting

        metrics.occupied["outside"] = waiting.occupancy
        metrics.open_breakers = waiting.open_breakers
