"""Demo data of the service: the provider's entry, the local accounts, an organization. Repeatable.

Run by `make run` in the service's environment, and only for the service's own SQLite file: the passwords are known to
everybody, so they never enter a database that somebody named.
"""

import os
from pathlib import Path

import django
from django.utils import timezone

from demo.people import LOCAL_ACCOUNTS, LOCAL_PASSWORD, LocalPerson
from fairlead.conf import conf

SLUG = "demo"
ORGANIZATION = "Demo Organization"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    issuer = os.environ["DEMO_ISSUER"]
    # Whoever names the demo provider in OIDC_ISSUER_URL has it already: an issuer is one provider.
    if issuer != conf().oidc_issuer_url:
        _provider(issuer, Path(os.environ["DEMO_CLIENT_SECRET_FILE"]).read_text(encoding="ascii"))
    for person in LOCAL_ACCOUNTS:
        _account(person)
    _organization(Path(os.environ["DEMO_API_KEY_FILE"]))


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
    make(person.email, LOCAL_PASSWORD, name=person.name, verified_by="operator")


def _organization(key_file: Path) -> None:
    """One organization, and an API key of it in a file: a key is shown once, and `make run` shows it at each start."""
    from accounts.models import User
    from fairlead.orgs import api_keys, organizations
    from fairlead.orgs.models import Organization

    administrator = User.objects.filter(email="admin@example.org").first()
    organization = Organization.objects.filter(name=ORGANIZATION).first() or organizations.create(
        ORGANIZATION, admin=administrator
    )
    if key_file.exists() and api_keys.resolve(key_file.read_text(encoding="ascii"), now=timezone.now()):
        return
    _, minted = api_keys.make(organization, name="demonstration")
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(minted.plaintext)


if __name__ == "__main__":
    main()
