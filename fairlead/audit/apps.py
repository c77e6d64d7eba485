from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "fairlead.audit"
    label = "fairlead_audit"
