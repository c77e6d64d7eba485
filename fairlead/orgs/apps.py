"""Organizations: what they register with the ground floor."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class OrgsConfig(app_config.FairleadApp):
    name = "fairlead.orgs"
    label = "fairlead_orgs"
    verbose_name = _("Organizations")
    needs = ("fairlead.audit", "fairlead.web")

    def ready(self) -> None:
        super().ready()
        from fairlead import people_rows
        from fairlead.orgs import invitations, members, schema  # noqa: F401 - importing `schema` registers what it holds
        from fairlead.orgs.models import ApiKey, Membership
        from fairlead.people_rows import KEEP
        from fairlead.web import seams

        people_rows.classify(Membership, KEEP, "given by the organization to the owner of the address")
        seams.organizations_of.add("organizations", members.organizations_of)
        seams.invitations.add("organizations", invitations)
        seams.expired.add("invitations", invitations.forget_expired)
        people_rows.classify(ApiKey, KEEP, "belongs to the organization; who made it is on record")
