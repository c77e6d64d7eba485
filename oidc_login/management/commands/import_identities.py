"""Moves people in who signed in through django-allauth or mozilla-django-oidc: a plan first, then, with --apply, it."""

from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oidc_login.moving import addresses, allauth, plan
from oidc_login.moving.issuers import provider_of
from oidc_login.moving.plan import Row


class Command(BaseCommand):
    help = (
        "Link accounts to the providers they came from before. `allauth` reads django-allauth's tables, `addresses` "
        "expects every account's owner by e-mail address (mozilla-django-oidc keeps nothing else). Without --apply it "
        "only says what it would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=["allauth", "addresses"])
        parser.add_argument(
            "--issuer",
            action="append",
            default=[],
            metavar="[ID=]URL",
            help="addresses: the issuer they come from; allauth: the issuer of a provider id, ID=URL (repeatable)",
        )
        parser.add_argument("--apply", action="store_true", help="do it, in one transaction; else only the plan")

    def handle(self, *args: Any, **options: Any) -> None:
        make = self._from_allauth(options) if options["source"] == "allauth" else self._from_addresses(options)
        try:
            rows = plan.apply(make) if options["apply"] else make()
        except LookupError:
            raise CommandError(
                "django-allauth's tables are not here. Keep 'allauth.socialaccount' in INSTALLED_APPS until the import "
                "is done."
            ) from None
        self._tell(rows, done=options["apply"])

    def _from_allauth(self, options: dict[str, Any]) -> Callable[[], list[Row]]:
        named = dict(each.split("=", 1) for each in options["issuer"] if "=" in each)
        if len(named) != len(options["issuer"]):
            raise CommandError("Name an issuer of django-allauth as ID=URL: --issuer keycloak=https://id.example.org")
        return partial(allauth.rows, named)

    def _from_addresses(self, options: dict[str, Any]) -> Callable[[], list[Row]]:
        if len(options["issuer"]) != 1:
            raise CommandError("Name the one issuer that these people come from: --issuer https://id.example.org")
        provider = provider_of(options["issuer"][0])
        if provider is None:
            raise CommandError(f"No provider with the issuer {options['issuer'][0]} is set up here. Add it first.")
        return partial(addresses.rows, provider)

    def _tell(self, rows: list[Row], *, done: bool) -> None:
        for row in rows:
            if row.reason:
                self.stdout.write(f"left    {row.source}: {row.reason}.")
            elif row.there:
                self.stdout.write(f"there   {row.source}")
            else:
                self.stdout.write(
                    f"{'moved' if done else 'moves':7} {row.source} -> {row.provider and row.provider.issuer}"
                )
        moved = sum(row.moves for row in rows)
        there, left = sum(row.there for row in rows), sum(bool(row.reason) for row in rows)
        self.stdout.write(
            f"{moved} {'moved' if done else 'to move'}, {there} there already, {left} left where they are."
        )
        if moved and not done:
            self.stdout.write("Nothing was changed. Run it again with --apply to do it.")
