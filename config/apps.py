"""The site as an app: checks, logs, and what the admin shows of two apps at once."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ProjectConfig(AppConfig):
    """The composition root as an app: system checks, logging, and what the admin shows of two apps at once.

    Last in INSTALLED_APPS, so that the apps' own admin pages are registered when `ready` runs.
    """

    name = "config"
    label = "config"

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from config import checks, logs, person_admin  # noqa: F401 - importing registers checks and the page of a person

        logs.configure()
        from config import examination
        from fairlead.web.health import examinations, hidden

        hidden.secrets.add("environment", examination.secrets)
        examinations.add("settings", gettext_noop("Settings"), examination.look, rank=10)


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin.FairleadAdminSite"
