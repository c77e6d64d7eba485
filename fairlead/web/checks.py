"""What a project has to have beside our apps: errors of `manage.py check`, each with the line to paste."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

FIRST = "fairlead.web.authenticate_first.AuthenticateFirst"
# Apps whose authentication classes stand on a host's own views.
_WITH_DOORS = ("fairlead.orgs", "accounts")
_WITH_PAGES = ("accounts", "oidc_login", "orgconsole")


@register("fairlead")
def who_calls_is_known_before_the_transaction(app_configs: Any, **_: Any) -> list[CheckMessage]:
    atomic = sorted(alias for alias, each in settings.DATABASES.items() if each.get("ATOMIC_REQUESTS"))
    if not atomic or FIRST in settings.MIDDLEWARE or not any(map(apps.is_installed, _WITH_DOORS)):
        return []
    return [
        Error(
            f"ATOMIC_REQUESTS is on ({', '.join(atomic)}), so issuers' keys would be fetched inside your views' "
            "transactions, and what was claimed for that be undone by their errors.",
            hint=f'Add to MIDDLEWARE: "{FIRST}",',
            id="fairlead.E020",
        )
    ]


@register("fairlead")
def templates_are_found(app_configs: Any, **_: Any) -> list[CheckMessage]:
    if not any(map(apps.is_installed, _WITH_PAGES)):
        return []
    try:
        get_template("fairlead/base.html")
    except TemplateDoesNotExist:
        return [
            Error(
                "The templates of our pages are not found.",
                hint='Set "APP_DIRS": True in TEMPLATES, and have "fairlead.web" in INSTALLED_APPS.',
                id="fairlead.E021",
            )
        ]
    return []
