"""Sign with a new key from now on. The running provider notices by itself."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from demo.provider import keys


class Command(BaseCommand):
    help = "Rotates the provider's signing key. Old keys stay published unless --remove-old is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove-old", action="store_true", help="publish the new key alone")

    def handle(self, *args: Any, remove_old: bool, **options: Any) -> None:
        keys.rotate(settings.STATE, remove_old=remove_old)
        self.stdout.write("The provider signs with a new key.")
