from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class ProjectConfig(AppConfig):
    """The composition root as an app: system checks and logging."""

    name = "config"
    label = "fairlead"

    def ready(self) -> None:
        from config import checks, logs  # noqa: F401 - importing registers the checks

        logs.configure()


class AdminConfig(DjangoAdminConfig):
    default_site = "config.admin.FairleadAdminSite"
