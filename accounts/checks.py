"""System checks of what the settings say about people. Each names the line to paste."""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.utils.module_loading import import_string

from accounts.backends import PasswordBackend
from accounts.middleware import OpenSessionMiddleware
from accounts.people import People
from fairlead import email_address
from fairlead.conf import after_settings, conf


@register(Tags.security)
@after_settings
def people_are_ours(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.AUTH_USER_MODEL != "accounts.User":
        return [
            checks.Error(
                "The app accounts is installed, and users are another app's.",
                hint='Set AUTH_USER_MODEL = "accounts.User", or take "accounts" out of INSTALLED_APPS.',
                id="accounts.E003",
            )
        ]
    if _is(conf().people, People):
        return []
    return [
        checks.Error(
            'FAIRLEAD["PEOPLE"] names a class that does not know the people of accounts: passwords and sessions of a '
            "stranger would stay when the owner of an address comes.",
            hint='Set "PEOPLE": "accounts.people.People" in FAIRLEAD, or a subclass of it.',
            id="accounts.E004",
        )
    ]


@register(Tags.security)
def sessions_can_be_ended(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    ours, of_django = (
        [place for place, path in enumerate(settings.MIDDLEWARE) if _is(path, middleware)]
        for middleware in (OpenSessionMiddleware, AuthenticationMiddleware)
    )
    if ours and of_django and of_django[0] < ours[0]:
        return []
    return [
        checks.Error(
            "A session that was ended stays open in its browser: OpenSessionMiddleware does not stand behind "
            "AuthenticationMiddleware.",
            hint='Put into MIDDLEWARE, right behind "django.contrib.auth.middleware.AuthenticationMiddleware": '
            '"accounts.middleware.OpenSessionMiddleware",',
            id="accounts.E005",
        )
    ]


@register(Tags.security)
def passwords_are_checked(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if any(_is(path, PasswordBackend) for path in settings.AUTHENTICATION_BACKENDS):
        return []
    return [
        checks.Error(
            "Nobody can sign in by password, and no browser session is recognised: PasswordBackend is missing.",
            hint='Add to AUTHENTICATION_BACKENDS: "accounts.backends.PasswordBackend",',
            id="accounts.E006",
        )
    ]


def _is(path: str, kind: type[Any]) -> bool:
    """Whether the dotted path is this class or one made from it."""
    try:
        found = import_string(path)
    except ImportError:
        return False
    return isinstance(found, type) and issubclass(found, kind)


@register(Tags.security)
@after_settings
def admin_email_is_an_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not conf().admin_email:
        return []
    try:
        email_address.canonical(conf().admin_email)
    except email_address.InvalidAddress:
        return [
            checks.Error(
                "FAIRLEAD_ADMIN_EMAIL is no e-mail address: nobody becomes administrator by it.",
                hint="Set an address such as owner@example.org, or leave it out.",
                id="accounts.E001",
            )
        ]
    return []


@register(Tags.security)
@after_settings
def signup_domains_are_domains(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    wrong = []
    for domain in conf().signup_email_domains or ():
        try:
            email_address.canonical_domain(domain.lstrip("@"))
        except email_address.InvalidAddress:
            wrong.append(domain)
    if not wrong:
        return []
    return [
        checks.Error(
            f"SIGNUP_EMAIL_DOMAINS names what is no domain: {', '.join(wrong)}.",
            hint="List domains such as example.org, separated by commas.",
            id="accounts.E002",
        )
    ]


@register(Tags.security, deploy=True)
@after_settings
def typed_addresses_are_not_trusted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not conf().trust_local_email:
        return []
    return [
        checks.Warning(
            "TRUST_LOCAL_EMAIL is on: whoever registers with somebody's address is taken for its owner.",
            hint="Leave it off unless everybody who reaches this service is known.",
            id="accounts.W003",
        )
    ]
