from fairlead import app_config


class AuditConfig(app_config.FairleadApp):
    name = "fairlead.audit"
    label = "fairlead_audit"
    needs = ("django.contrib.contenttypes", "django.contrib.auth")
