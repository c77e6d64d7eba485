"""Prints a one-time address that signs an active person in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oidc_login import people
from oidc_login.flow import sign_in_links


class Command(BaseCommand):
    help = "Print a one-time address that signs EMAIL in, for when no other way works. It lives ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        user = people.by_email(options["email"])
        if user is None:
            raise CommandError(f"Nobody here has the address {options['email']}. Check its spelling in the admin.")
        if not user.is_active:
            raise CommandError(f"The account is {user.status}. Activate it first; the link is for active people only.")
        self.stdout.write(sign_in_links.make(user, now=timezone.now()))
        self.stderr.write("Open it in a browser within ten minutes. It works once; a newer one cancels it.")
