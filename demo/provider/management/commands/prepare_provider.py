"""Make the provider ready: tables, keys, people, clients. May be run again at any time."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from demo.people import AT_THE_PROVIDER, PROVIDER_PASSWORD
from demo.provider import clients
from demo.provider.models import Person


class Command(BaseCommand):
    help = "Migrates the provider's database and registers demo people and clients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--app-url", required=True, help="address of the service, such as http://localhost:8000")

    def handle(self, *args: Any, app_url: str, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        password = make_password(PROVIDER_PASSWORD)
        for each in AT_THE_PROVIDER:
            person = Person.objects.remember(
                email=each.email, name=each.name, email_verified=each.email_verified, picture=each.picture
            )
            if not person.check_password(PROVIDER_PASSWORD):
                person.password = password
                person.save(update_fields=["password"])
        clients.register(app_url)
