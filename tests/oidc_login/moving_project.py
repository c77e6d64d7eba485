"""A project of somebody who moves in: Django's own users, django-allauth's real tables, oidc_login beside them.

Run as a program by test_moving_in.py, in a process of its own: its settings are not those of the suite. Prints what it
saw as one JSON document.
"""

import io
import json
import sys

import django
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command

OURS = "https://id.example.org/realms/shop"


def configure() -> None:
    settings.configure(
        SECRET_KEY="moving-in" * 8,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
            "fairlead.audit",
            "fairlead.credentials",
            "fairlead.web",
            "fairlead.idtokens",
            "fairlead.orgs",
            "oidc_login",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        AUTHENTICATION_BACKENDS=[
            "django.contrib.auth.backends.ModelBackend",
            "oidc_login.backends.ProviderBackend",
        ],
        SOCIALACCOUNT_PROVIDERS={
            "openid_connect": {
                "APPS": [
                    {"provider_id": "by-number", "client_id": "x", "settings": {"server_url": OURS, "uid_field": "no"}}
                ]
            }
        },
        FAIRLEAD={
            "ORIGIN": "https://shop.example.org",
            "ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
            "OIDC_ENABLED": True,
            "OIDC_ISSUER_URL": OURS,
            "OIDC_CLIENT_ID": "shop",
            "PEOPLE": "tests.oidc_login.moving_people.People",
        },
    )
    django.setup()
    call_command("migrate", verbosity=0)


def run(*arguments: str) -> str:
    out = io.StringIO()
    try:
        call_command("import_identities", *arguments, stdout=out)
    except CommandError as error:
        return f"error: {error}"
    return out.getvalue()


def main() -> None:
    configure()
    from allauth.socialaccount.models import SocialAccount, SocialApp
    from django.contrib.auth import get_user_model

    from fairlead.audit.models import AuditEvent
    from oidc_login.models import ExpectedIdentity, Identity

    def user(name: str, **more: object):
        return get_user_model().objects.create(username=name, email=f"{name}@example.org", **more)

    SocialApp.objects.create(
        provider="openid_connect", provider_id="keycloak", name="Keycloak", client_id="shop",
        settings={"server_url": f"{OURS}/.well-known/openid-configuration"},
    )  # fmt: skip
    ann, bob, eve = user("ann"), user("bob"), user("eve", is_staff=True)
    twin = get_user_model().objects.create(username="twin", email="BOB@example.org")
    user("nobody-reachable")
    get_user_model().objects.filter(username="nobody-reachable").update(email="")
    SocialAccount.objects.create(user=ann, provider="keycloak", uid="subject-ann")
    SocialAccount.objects.create(user=bob, provider="keycloak", uid="subject-bob-1")
    SocialAccount.objects.create(user=bob, provider="keycloak", uid="subject-bob-2")
    SocialAccount.objects.create(user=ann, provider="github", uid="77")
    SocialAccount.objects.create(user=ann, provider="google", uid="1001")
    SocialAccount.objects.create(user=ann, provider="by-number", uid="4711")
    SocialAccount.objects.create(user=eve, provider="legacy", uid="subject-eve")
    seen: dict[str, object] = {"plan": run("allauth"), "after plan": Identity.objects.count()}
    seen["applied"] = run("allauth", "--apply")
    seen["identities"] = sorted(
        [each.user.username, each.issuer, each.subject, each.client_id] for each in Identity.objects.all()
    )
    seen["again"] = run("allauth", "--apply")
    seen["after again"] = Identity.objects.count()
    seen["named"] = run("allauth", "--issuer", f"legacy={OURS}/", "--apply")
    seen["malformed"] = run("allauth", "--issuer", OURS)
    seen["events"] = AuditEvent.objects.filter(event="identity_linked").count()
    seen["no issuer"] = run("addresses")
    seen["unknown issuer"] = run("addresses", "--issuer", "https://other.example.org")
    # Nobody is linked any more: everybody is known by address alone.
    Identity.objects.all().delete()
    seen["addresses plan"] = run("addresses", "--issuer", OURS)
    seen["after addresses plan"] = ExpectedIdentity.objects.count()
    seen["addresses"] = run("addresses", "--issuer", OURS, "--apply")
    seen["expected"] = sorted(
        [each.user.username, each.issuer, each.address] for each in ExpectedIdentity.objects.all()
    )
    seen["expected events"] = AuditEvent.objects.filter(event="identity_expected").count()
    seen["addresses again"] = run("addresses", "--issuer", OURS, "--apply")
    twin.delete()
    seen["addresses without the twin"] = run("addresses", "--issuer", OURS, "--apply")
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
