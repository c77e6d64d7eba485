from django.apps import AppConfig


class UserPoolsConfig(AppConfig):
    name = "userpools"
