from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "fairlead.orgs"
    label = "fairlead_orgs"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from fairlead.orgs import checks, schema  # noqa: F401 - importing registers what they hold
