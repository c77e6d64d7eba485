"""The owner of an address meets an account that somebody made with it and never proved.

A stranger may have registered with this address and waited ("pre-hijacked accounts", USENIX Security 2022). Whatever
such a stranger could hold goes before the owner comes in: password, sessions, refresh families, links that were mailed
(a pending change of address above all), the name and the language they chose, the picture they uploaded, and what other
apps keep by `people_rows`.
"""

from django.db import transaction
from django.http import HttpRequest

from accounts import avatars
from accounts.models import RefreshToken, User
from accounts.sessions import lifecycle
from fairlead import people_rows
from fairlead.audit.events import Event, record
from fairlead.verified_by import VerifiedBy
from fairlead.web import languages


def wipe(user: User, *, request: HttpRequest | None = None) -> bool:
    """Leave nothing a stranger may hold. Whether there was a password.

    In the caller's transaction. Does not mark the address as verified.
    """
    with transaction.atomic():
        user.refresh_from_db(from_queryset=User.objects.select_for_update())
        had_password = user.has_usable_password()
        user.set_unusable_password()
        user.name, user.name_source, user.verified_by = "", User.NameSource.CLAIMS, VerifiedBy.NOTHING
        user.language = languages.of_request(request) if request else ""
        user.save(update_fields=["password", "name", "name_source", "verified_by", "language", "updated_at"])
        lifecycle.end_all(user, request=request)
        RefreshToken.objects.filter(session__user=user).delete()
        if user.avatar_source == User.AvatarSource.UPLOAD:
            avatars.remove(user)
        people_rows.wipe(user)
        if had_password:
            record(Event.PASSWORD_REMOVED, subject=user, request=request, reason="address never proven")
    return had_password
