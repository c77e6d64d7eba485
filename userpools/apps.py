from django.apps import AppConfig


class UserPoolsConfig(AppConfig):
    name = "userpools"
    verbose_name = "User pools"

    def ready(self) -> None:
        from fairlead.web import seams
        from userpools import signing_keys

        seams.expired.add("keys of hosted pools whose last token has expired", signing_keys.forget_ended)
