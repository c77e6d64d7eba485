from fairlead import app_config


class AccountsConfig(app_config.FairleadApp):
    name = "accounts"
    needs = ("fairlead.audit", "fairlead.web", "django.contrib.sessions")

    def ready(self) -> None:
        super().ready()
        from django.core.checks import register
        from django.urls import reverse

        from accounts import checks, expiry, schema  # noqa: F401 - importing registers the checks and the schema
        from accounts.authentication import AccessTokenAuthentication
        from accounts.models import MailedLink, Session
        from fairlead import people_rows
        from fairlead.people_rows import KEEP, WIPE
        from fairlead.web import seams

        register(people_rows.check)
        people_rows.classify(MailedLink, WIPE, "its holder would still come in, or change the address")
        people_rows.classify(Session, KEEP, "ended, not deleted: where the account was used stays on record")
        seams.expired.add("sessions, tokens and mailed links", expiry.forget_expired)
        seams.expired.add("browser sessions", expiry.forget_browser_sessions)
        seams.member_authentication.add("access token", AccessTokenAuthentication)
        seams.account_page.add("accounts", lambda: reverse("accounts:account"))
