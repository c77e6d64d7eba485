"""Prints a one-time address that signs an active person in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fairlead.email_address import InvalidAddress
from fairlead.people import people
from fairlead.person_refusals import SeveralAccounts
from oidc_login.flow import sign_in_links


class Command(BaseCommand):
    help = "Print a one-time address that signs EMAIL in, for when no other way works. It lives ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        user = _person(options["email"])
        if user is None:
            raise CommandError(f"Nobody here has the address {options['email']}. Check its spelling in the admin.")
        status = people().state(user).status
        if status != "active":
            raise CommandError(f"The account is {status}. Activate it first; the link is for active people only.")
        self.stdout.write(sign_in_links.make(user, now=timezone.now()))
        self.stderr.write("Open it in a browser within ten minutes. It works once; a newer one cancels it.")


def _person(email: str) -> Any | None:
    try:
        with transaction.atomic():
            return people().by_email(people().canonical(email))
    except InvalidAddress:
        return None
    except SeveralAccounts as refused:
        raise CommandError(f"Several accounts have the address {email}: {refused.detail}") from None
