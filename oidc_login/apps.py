"""Sign-in through providers: what it registers with the ground floor."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class OidcLoginConfig(app_config.FairleadApp):
    name = "oidc_login"
    verbose_name = _("Sign-in through providers")
    needs_package = ("mozilla_django_oidc", "fairlead[oidc]")
    needs = ("fairlead.audit", "fairlead.web", "fairlead.idtokens", "fairlead.orgs")

    def ready(self) -> None:
        super().ready()
        from django.core.checks import register

        from fairlead import people_rows
        from fairlead.people_rows import KEEP, WIPE
        from fairlead.web import seams
        from oidc_login import checks, expiry, models, people_checks, providers, receivers  # noqa: F401 - register
        from oidc_login.views import account, sign_in_page, sign_out

        register(people_rows.check)
        people_rows.classify(models.Identity, WIPE, "a way in")
        people_rows.classify(models.ProviderSession, WIPE, "a session")
        people_rows.classify(models.ExpectedIdentity, KEEP, "an operator's import says who is expected")
        seams.expired.add("rows of sign-ins", expiry.forget_expired)
        seams.other_ways_in.add("providers", providers.any_enabled)
        seams.provider_names.add("providers", providers.names)
        seams.account_sections.add("providers", account.section)
        seams.sign_out_choices.add("provider", sign_out.choice)
        seams.sign_in_steps.add("providers", sign_in_page.step)
        self._examine()

    def _examine(self) -> None:
        from django.utils.translation import gettext_noop

        from fairlead.web.health import examinations
        from oidc_login.diagnostics import examination

        examinations.add(
            "providers", gettext_noop("Providers"), examination.look, rank=70, about="provider", needs="database"
        )
