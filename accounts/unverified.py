"""The verified owner of an address meets an account that somebody made with it and never proved.

A stranger may have registered with this address and waited ("pre-hijacked accounts", USENIX Security 2022). Whatever
such a stranger could hold goes before the owner comes in: password, sessions, refresh families, links that were mailed
(a pending change of address above all), the name they chose, the picture they uploaded.
"""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest

from accounts import avatars
from accounts.models import MailedLink, RefreshToken, User
from accounts.sessions import lifecycle as sessions
from fairlead import people_rows
from fairlead.audit.events import Event, record
from fairlead.people import VerifiedBy


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """What the account had."""

    password: bool
    sessions: int
    links: int
    name: bool
    avatar: bool


def drop_strangers_holdings(user: User, *, request: HttpRequest | None = None) -> Dropped:
    """Leave nothing a stranger may hold. In the caller's transaction. Does not mark the address as verified.

    What other apps keep for the person (linked providers, say) goes by `people_rows`.
    """
    with transaction.atomic():
        user.refresh_from_db(from_queryset=User.objects.select_for_update())
        password = user.has_usable_password()
        name = user.name_source == User.NameSource.PERSON or bool(user.name)
        avatar = user.avatar_source == User.AvatarSource.UPLOAD
        user.set_unusable_password()
        user.name, user.name_source = "", User.NameSource.CLAIMS
        user.verified_by = VerifiedBy.NOTHING
        user.save(update_fields=["password", "name", "name_source", "verified_by", "updated_at"])
        ended = sessions.end_all(user, request=request)
        RefreshToken.objects.filter(session__user=user).delete()
        links, _ = MailedLink.objects.filter(user=user).delete()
        if avatar:
            avatars.remove(user)
        people_rows.wipe(user)
        if password:
            record(Event.PASSWORD_REMOVED, subject=user, request=request, reason="address never proven")
    return Dropped(password=password, sessions=ended, links=links, name=name, avatar=avatar)
