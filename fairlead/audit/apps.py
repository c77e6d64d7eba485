"""The record."""

from django.utils.translation import gettext_lazy as _

from fairlead import app_config


class AuditConfig(app_config.FairleadApp):
    name = "fairlead.audit"
    label = "fairlead_audit"
    verbose_name = _("Record")
    needs = ("django.contrib.contenttypes", "django.contrib.auth")
