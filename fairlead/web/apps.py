from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "fairlead.web"
    label = "fairlead_web"
