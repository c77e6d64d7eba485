"""The way in for an administrator when nothing else works: a one-time address, made at the command line.

Whoever can run commands on the server owns it anyway. The address signs in once, for ten minutes; a newer one cancels
it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.credentials.secrets import digest, mint
from fairlead.people import people
from oidc_login.models import SignInLink

PREFIX = "flo"
LIFETIME = timedelta(minutes=10)


def make(user: Any, *, now: datetime) -> str:
    """The address that signs this active person in, once. Earlier ones stop working."""
    minted = mint(PREFIX)
    with transaction.atomic():
        SignInLink.objects.filter(user=user, used_at=None).update(used_at=now)
        SignInLink.objects.create(digest=minted.digest, user=user, created_at=now, expires_at=now + LIFETIME)
        record(Event.SIGN_IN_LINK_MADE, subject=user, by="command")
    return f"{conf().origin}{reverse('oidc_login:signin-link')}?token={minted.plaintext}"


def use(token: str, *, request: HttpRequest, now: datetime) -> Any | None:
    """Sign the link's person in, in this browser; None where the link is good for nothing. Raises PersonRefused."""
    row = SignInLink.consume(digest(token), now=now)
    if row is None:
        return None
    people().sign_in(request, row.user, provider="")
    return row.user
