"""`manage.py rotate_pool_keys`: the next signing key of hosted pools, without downtime. Fit for cron."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fairlead.orgs.tenancy import identifier_of
from userpools import signing_keys
from userpools.models import UserPool

_LEAST_LEAD = signing_keys.PUBLISHED_FOR + signing_keys.LIFETIME


class Command(BaseCommand):
    help = (
        "Publish the next signing key of hosted pools. It signs once every cache of the old key set has ended; the old "
        "key stays published until the last token it signed has expired. Keys past that are removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pools", nargs="*", metavar="POOL", help="ids of pools; left out: all hosted pools")
        parser.add_argument("--older-than-days", type=int, default=0, help="only where the current key is this old")
        parser.add_argument(
            "--lead-seconds", type=int, default=int(signing_keys.LEAD.total_seconds()),
            help=f"how long the next key is published before it signs; at least {_LEAST_LEAD}",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["lead_seconds"] < _LEAST_LEAD:
            raise CommandError(f"--lead-seconds must be at least {_LEAST_LEAD}: others keep the key set that long.")
        lead = timedelta(seconds=options["lead_seconds"])
        young = timezone.now() - timedelta(days=options["older_than_days"])
        for pool in _hosted(options["pools"]):
            if options["older_than_days"] and pool.signing_keys.filter(created_at__gt=young).exists():
                continue
            key = signing_keys.rotate(pool, lead=lead)
            self.stdout.write(f"{pool.pk}: {key.kid} signs from {key.signs_from.isoformat(timespec='seconds')}")
        removed = signing_keys.forget_ended(timezone.now())
        self.stderr.write(f"{removed} keys removed whose last token has expired.")


def _hosted(named: list[str]) -> list[UserPool]:
    hosted = UserPool.objects.filter(hosted=True).order_by("created_at")
    if not named:
        return list(hosted)
    found = {str(pool.pk): pool for pool in hosted.filter(pk__in=[each for each in map(identifier_of, named) if each])}
    for each in named:
        if each.lower() not in found:
            raise CommandError(f"There is no hosted pool {each}.")
    return list(found.values())
