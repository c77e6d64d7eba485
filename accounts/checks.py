"""System checks of what the settings say about people."""

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from fairlead import email_address
from fairlead.conf import conf


@register(Tags.security)
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
