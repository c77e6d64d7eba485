"""From where a person may try no password just now, and how an administrator ends that.

The counters know networks by digests alone (`fairlead.web.password_tries`). The networks are those from which they
were refused lately, as the record has them; one that a flood kept from the record is not found.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from fairlead.audit import addresses
from fairlead.audit.events import Event, record
from fairlead.audit.models import Refusal
from fairlead.conf import conf
from fairlead.web import password_tries

_MOST = 1_000  # rows of the record that are looked at


@dataclass(frozen=True, kw_only=True)
class Lockout:
    """`everybody`: the network may try no account at all."""

    network: str
    until: datetime
    everybody: bool


def of(person: User) -> list[Lockout]:
    now = timezone.now()
    found = []
    for network, (here, anywhere) in password_tries.waits(_networks(person), account=person.email_canonical).items():
        if here or anywhere:
            until = now + timedelta(seconds=max(here, anywhere))
            found.append(Lockout(network=network, until=until, everybody=bool(anywhere)))
    return found


def end(person: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """Whoever tried this account may try it again. False where nobody was locked out of it."""
    locked = [each.network for each in of(person)]
    if not locked:
        return False
    with transaction.atomic():
        record(Event.PASSWORD_TRIES_FORGOTTEN, actor=actor, subject=person, request=request, networks=locked)
        transaction.on_commit(lambda: password_tries.forget(locked, account=person.email_canonical))
    return True


def refusals(person: User) -> QuerySet[Refusal]:
    """What the record has of the person, and of their address, newest first."""
    digests = addresses.digests(person.email_canonical)
    return Refusal.objects.filter(Q(person_id=str(person.pk)) | Q(address_hmac__in=digests)).order_by("-at", "-id")


def _networks(person: User) -> list[str]:
    rates = [*conf().rate_limit_login, *conf().rate_limit_login_per_network]
    since = timezone.now() - timedelta(seconds=2 * max(rate.seconds for rate in rates))
    lately = refusals(person).filter(last_at__gte=since).exclude(source="")
    return sorted(set(lately.values_list("source", flat=True)[:_MOST]))
