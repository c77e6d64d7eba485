from django.apps import apps

from fairlead import app_config


class WebConfig(app_config.FairleadApp):
    name = "fairlead.web"
    label = "fairlead_web"

    def ready(self) -> None:
        super().ready()
        from fairlead.web import checks, rate_limits, seams  # noqa: F401 - importing registers the checks

        seams.expired.add("counters of attempts", rate_limits.forget_ended)
        # The apps below cannot know the registry.
        if apps.is_installed("fairlead.audit"):
            from fairlead.audit import events

            seams.expired.add("audit events", events.forget_expired)
        if apps.is_installed("fairlead.idtokens"):
            from fairlead.idtokens import issuers

            seams.expired.add("key sets nobody asks for", issuers.forget_expired)
