from django.apps import AppConfig


class UserPoolsConfig(AppConfig):
    name = "userpools"
    verbose_name = "User pools"
