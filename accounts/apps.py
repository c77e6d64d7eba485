"""Accounts of our own: what they register with the ground floor."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class AccountsConfig(app_config.FairleadApp):
    name = "accounts"
    verbose_name = _("Accounts")
    needs = ("fairlead.audit", "fairlead.web", "django.contrib.sessions")

    def ready(self) -> None:
        super().ready()
        from django.core.checks import register
        from django.urls import reverse

        from accounts import checks, expiry, languages  # noqa: F401 - importing registers what they hold
        from accounts.authentication import AccessTokenAuthentication
        from accounts.models import MailedLink, Session
        from accounts.passwords import hashing
        from accounts.sessions import last_seen
        from fairlead import metrics, people_rows
        from fairlead.people_rows import KEEP, WIPE
        from fairlead.web import seams

        register(people_rows.check)
        metrics.occupied["hashing"] = hashing.occupancy
        people_rows.classify(MailedLink, WIPE, "its holder would still come in, or change the address")
        people_rows.classify(Session, KEEP, "ended, not deleted: where the account was used stays on record")
        seams.expired.add("sessions, tokens and mailed links", expiry.forget_expired)
        seams.expired.add("browser sessions", expiry.forget_browser_sessions)
        seams.member_authentication.add("access token", AccessTokenAuthentication)
        seams.last_seen.add("accounts", last_seen.of)
        seams.language_chosen.add("accounts", languages.chosen)
        seams.invitation_page.add("accounts", lambda: reverse("accounts:invitation"))
        seams.account_page.add("accounts", lambda: reverse("accounts:account"))
        self._examine()

    def _examine(self) -> None:
        from django.utils.translation import gettext_noop

        from accounts import examination
        from fairlead.web.health import examinations, mails

        # Nobody else sends any: a project without accounts needs no mail server.
        examinations.add("mail", gettext_noop("Mail"), mails.look, rank=30)
        examinations.add("outbox", gettext_noop("Outbox"), mails.outbox, rank=31, needs="database")
        examinations.add("uploads", gettext_noop("Uploads"), examination.uploads, rank=40)
        examinations.add("people", gettext_noop("People"), examination.look, rank=60, needs="database")
