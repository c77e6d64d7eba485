from django.apps import AppConfig


class OidcLoginConfig(AppConfig):
    name = "oidc_login"
    verbose_name = "Sign-in through providers"

    def ready(self) -> None:
        from oidc_login import checks  # noqa: F401 - importing registers the checks
