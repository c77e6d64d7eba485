"""A person's picture at their provider, brought here: one bounded look within a sign-in, never fatal to it.

The address of the picture is a claim, so as untrusted as the rest: guarded fetch, no credentials, decoded and made
anew.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from fairlead import metrics, origins
from fairlead.idtokens import outbound
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.fetch import Fetcher
from fairlead.people import people
from fairlead.person_refusals import NotAPicture, PictureNotStored
from oidc_login.models import Identity

log = logging.getLogger(__name__)
SECONDS_IN_ALL = 1.0
LOOK_AGAIN_AFTER = timedelta(hours=24)


def look(identity: Identity, *, user: Any, picture: str, now: datetime, fetcher: Fetcher | None = None) -> None:
    """Take over the picture if there is a new one. Any failure leaves sign-in and avatar as they were."""
    if not picture:
        return
    if people().state(user).picture_is_own:
        _offered(identity, picture=picture, now=now)
        return
    if not _due(identity, user=user, picture=picture, now=now):
        return
    same = identity.picture_url == picture
    known = identity.picture_etag if same and identity.picture_taken else ""
    identity.picture_url, identity.picture_looked_at = picture, now
    identity.picture_taken = same and identity.picture_taken
    began = time.monotonic()
    try:
        with metrics.outbound.timed("picture"):
            answer = (fetcher or outbound.providers()).get_picture(
                picture,
                private_origin=origins.of(identity.issuer),
                if_none_match=known or None,
                deadline=SECONDS_IN_ALL,
            )
        if answer.status == 200:
            left = SECONDS_IN_ALL - (time.monotonic() - began)
            if left > 0:
                people().update(user, picture=answer.body)
                identity.picture_etag = _etag(answer.headers.get("etag", ""))
                identity.picture_taken = True
    except (FetchFailed, FetchRefused, NotAPicture) as error:
        log.info("the picture was not taken over: %s", error.detail)
    except PictureNotStored:
        log.warning("the picture was not taken over: it could not be stored")
    identity.save(update_fields=["picture_url", "picture_etag", "picture_looked_at", "picture_taken"])


def _etag(sent: str) -> str:
    """An entity tag that can be kept and sent back; what is none is dropped."""
    return sent if len(sent) <= 255 and sent.isascii() and sent.isprintable() else ""


def _due(identity: Identity, *, user: Any, picture: str, now: datetime) -> bool:
    if identity.picture_url != picture or identity.picture_looked_at is None:
        return True
    if now - identity.picture_looked_at < LOOK_AGAIN_AFTER:
        return False
    # Taken over once and gone now: the person removed it, and it stays removed until its address changes.
    return not identity.picture_taken or people().state(user).has_picture


def _offered(identity: Identity, *, picture: str, now: datetime) -> None:
    """Note what the provider shows while the person shows a picture of their own. Removing theirs later does not bring
    this one: it would not be what they removed, and they never chose it."""
    if identity.picture_url != picture or not identity.picture_taken:
        identity.picture_url, identity.picture_etag, identity.picture_taken = picture, "", True
        identity.picture_looked_at = now
        identity.save(update_fields=["picture_url", "picture_etag", "picture_looked_at", "picture_taken"])
