"""Demo data of the service: the provider's entry and the local accounts. Repeatable.

Run by `make run` in the service's environment, and only for the service's own SQLite file: the passwords are known to
everybody, so they never enter a database that somebody named.
"""

import os
from pathlib import Path

import django
from django.conf import settings

from demo.people import LOCAL_ACCOUNTS, LOCAL_PASSWORD, LocalPerson

SLUG = "demo"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    issuer = os.environ["DEMO_ISSUER"]
    # Whoever names the demo provider in OIDC_ISSUER_URL has it already: an issuer is one provider.
    if issuer != settings.OIDC_ISSUER_URL:
        _provider(issuer, Path(os.environ["DEMO_CLIENT_SECRET_FILE"]).read_text(encoding="ascii"))
    for person in LOCAL_ACCOUNTS:
        _account(person)


def _provider(issuer: str, client_secret: str) -> None:
    from oidc_login.models import Provider

    # Another port is another issuer: the entry follows. Its name, order and switches are left as somebody set them.
    Provider.objects.filter(issuer=issuer).exclude(slug=SLUG).delete()
    connection = {"issuer": issuer, "client_id": "fairlead", "client_secret": client_secret}
    created = {**connection, "name": "Demo provider", "order": 10}
    Provider.objects.update_or_create(slug=SLUG, defaults=connection, create_defaults=created)


def _account(person: LocalPerson) -> None:
    from accounts.models import User

    if User.objects.filter(email=person.email).exists():
        return
    make = User.objects.create_superuser if person.administrator else User.objects.create_user
    make(person.email, LOCAL_PASSWORD, name=person.name)


if __name__ == "__main__":
    main()
