from django.apps import AppConfig


class OidcLoginConfig(AppConfig):
    name = "oidc_login"
