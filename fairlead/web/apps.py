"""What both wings answer with, and the rows of everybody that expire."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class WebConfig(app_config.FairleadApp):
    name = "fairlead.web"
    label = "fairlead_web"
    verbose_name = _("Mails")
    needs = ("fairlead.audit",)

    def ready(self) -> None:
        super().ready()
        from fairlead.audit import events, refusals, token_doors
        from fairlead.web import attempt_counters, brand, checks, outbox, seams  # noqa: F401 - importing registers checks

        seams.expired.add("counters of attempts", attempt_counters.forget_ended)
        seams.expired.add("mails that ended", outbox.forget_ended)
        # The apps below cannot know the registry.
        seams.expired.add("audit events", events.forget_expired)
        seams.expired.add("refusals", refusals.forget_expired)
        seams.expired.add("counts of refused calls", token_doors.forget_expired)
        if apps.is_installed("fairlead.idtokens"):
            from fairlead.idtokens import issuers

            seams.expired.add("key sets nobody asks for", issuers.forget_expired)
        self._examine()

    def _examine(self) -> None:
        from django.utils.translation import gettext_noop

        from fairlead.web.health import (
            database,
            examinations,
            from_outside,
            front_ends,
            hidden,
            jobs,
            refusals,
            shared_cache,
            stored_secrets,
            system_checks,
        )

        hidden.secrets.add("settings", hidden.of_settings)
        examinations.add(examinations.CHECKS, gettext_noop("System checks"), system_checks.look, rank=11)
        examinations.add("database", gettext_noop("Database"), database.look, rank=20)
        examinations.add("secrets", gettext_noop("Stored secrets"), stored_secrets.look, rank=21, needs="database")
        examinations.add("cache", gettext_noop("Cache"), shared_cache.look, rank=22)
        examinations.add("jobs", gettext_noop("Timers"), jobs.look, rank=32, needs="database")
        examinations.add("address", gettext_noop("Address"), from_outside.look, rank=50, outside=True)
        examinations.add("front_ends", gettext_noop("Front ends"), front_ends.look, rank=51)
        examinations.add("refusals", gettext_noop("Refusals"), refusals.look, rank=90, needs="database")
