from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "fairlead.orgs"
    label = "fairlead_orgs"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from fairlead import people_rows
        from fairlead.orgs import schema  # noqa: F401 - importing registers what it holds
        from fairlead.orgs.models import ApiKey, Membership
        from fairlead.people_rows import KEEP

        people_rows.classify(Membership, KEEP, "given by the organization to the owner of the address")
        people_rows.classify(ApiKey, KEEP, "belongs to the organization; who made it is on record")
