from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from rest_framework.authentication import BasicAuthentication

        from fairlead.web import seams

        # As docs/user-pools.md says for a project with people of its own.
        seams.member_authentication.add("audit", BasicAuthentication)
