"""`manage.py create_api_key ORGANIZATION --name NAME`: prints the key, once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from fairlead.orgs import api_keys
from fairlead.orgs.models import Organization
from fairlead.orgs.tenancy import identifier_of


class Command(BaseCommand):
    help = "Create an API key of an organization. The key alone goes to standard output; it is not shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", metavar="ORGANIZATION", help="its id, its slug or its name")
        parser.add_argument("--name", required=True, help="what the key is for, such as: backend")
        parser.add_argument("--days", type=int, help="days until it expires; left out: it does not")

    def handle(self, *args: Any, **options: Any) -> None:
        name, days = options["name"].strip(), options["days"]
        if not 1 <= len(name) <= 100:
            raise CommandError("A name has 1 to 100 characters.")
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--days is a number from 1 to 3650.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        key, minted = api_keys.make(_organization(options["organization"]), name=name, expires_at=expires_at)
        self.stderr.write(f"Key {key.prefix}... of {key.organization}. It is shown this once:")
        self.stdout.write(minted.plaintext)


def _organization(named: str) -> Organization:
    identifier = identifier_of(named)
    found = list(Organization.objects.filter(Q(pk=identifier) if identifier else Q(slug=named)))
    found = found or list(Organization.objects.filter(name=named))
    if not found:
        raise CommandError(f"No organization {named}. Make one: manage.py create_organization NAME --admin EMAIL")
    if len(found) > 1:
        ids = ", ".join(str(each.pk) for each in found)
        raise CommandError(f"Several organizations are named {named}. Give the id of one: {ids}")
    return found[0]
