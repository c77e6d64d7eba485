"""`manage.py create_organization NAME --admin EMAIL`: prints the organization's id."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairlead.orgs import organization_names, organizations
from fairlead.orgs.models import Organization
from fairlead.orgs.organization_names import NameRefused
from fairlead.orgs.slugs import SlugRefused


class Command(BaseCommand):
    help = "Create an organization, with a person as its administrator, and print its id."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--slug", help="its name in addresses; left out: made of NAME")
        parser.add_argument("--admin", metavar="EMAIL", help="a person with an account here, who may then call the API")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = organization_names.cleaned(options["name"])
        except NameRefused as refusal:
            raise CommandError(str(refusal)) from None
        if Organization.objects.filter(name=name).exists():
            raise CommandError(f"There is an organization named {name} already.")
        admin = _person(options["admin"]) if options["admin"] else None
        try:
            organization = organizations.create(name, slug=options["slug"], admin=admin)
        except SlugRefused as refusal:
            raise CommandError(f"--slug: {refusal}") from None
        self.stderr.write(f"Created, with the slug {organization.slug}.")
        self.stderr.write(f"Next: manage.py create_api_key {organization.slug} --name backend")
        self.stdout.write(str(organization.pk))


def _person(email: str) -> Any:
    people = get_user_model()
    try:
        return people._default_manager.get_by_natural_key(email)
    except people.DoesNotExist:
        raise CommandError(
            f"Nobody here has the e-mail {email}. They register first, or: manage.py createsuperuser"
        ) from None
