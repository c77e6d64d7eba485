from django.apps import AppConfig


class OidcLoginConfig(AppConfig):
    name = "oidc_login"
    verbose_name = "Sign-in through providers"
    # Its models are ours: people_rows demands that each says whether its rows go.
    of_fairlead = True

    def ready(self) -> None:
        from django.core.checks import register

        from fairlead import people_rows
        from fairlead.people_rows import WIPE
        from fairlead.web import seams
        from oidc_login import checks, expiry, providers  # noqa: F401 - importing registers the checks
        from oidc_login import models as rows
        from oidc_login.flow import logout
        from oidc_login.views import identities, pages

        register(people_rows.check)
        people_rows.classify(rows.Identity, WIPE, "a way in")
        for row in (rows.LoginAttempt, rows.ExchangeCode, rows.PendingLink, rows.LinkTicket, rows.SignInLink):
            people_rows.classify(row, WIPE, "whoever holds its plaintext would still come in")
        seams.expired.add("rows of sign-ins", expiry.forget_expired)
        seams.other_ways_in.add("providers", providers.any_enabled)
        seams.account_sections.add("providers", identities.section)
        seams.sign_out_choices.add("provider", logout.choice)
        seams.sign_in_steps.add("providers", pages.step)
