"""API keys that administrators make for their organization: `api_keys`, and every administrator is mailed.

A key outlives the session that made it. Whoever stole a session and made one is noticed by the others.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from fairlead.credentials.secrets import Minted
from fairlead.orgs import api_keys, mails
from fairlead.orgs.errors import OrganizationInvalid
from fairlead.orgs.models import ApiKey, Organization


def create(
    organization: Organization,
    *,
    name: str,
    expires_at: datetime | None,
    actor: Model | None,
    request: HttpRequest | None = None,
) -> tuple[ApiKey, Minted]:
    """A new key; its plaintext is in what is returned and nowhere else. Does not ask for a fresh sign-in."""
    with transaction.atomic():
        made = api_keys.make(organization, name=name, actor=actor, expires_at=expires_at, request=request)
        mails.key_made(made[0])
    return made


def rotate(
    key: ApiKey, *, overlap: timedelta | None, actor: Model | None, request: HttpRequest | None = None
) -> tuple[ApiKey, Minted]:
    """A successor; without `overlap` the usual one. Raises OrganizationInvalid for a key that has ended."""
    if not api_keys.valid(key, now=timezone.now()):
        raise OrganizationInvalid(errors={"id": [gettext("This key has ended. Make another one.")]})
    with transaction.atomic():
        made = api_keys.rotate(
            key, overlap=api_keys.OVERLAP if overlap is None else overlap, actor=actor, request=request
        )
        mails.key_made(made[0])
    return made
