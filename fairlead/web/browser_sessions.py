"""Django's sessions in the database, found by the digest of what the cookie holds.

`django_session.session_key` is the cookie's value: whoever reads the table, a backup of it or a replica could sign in
as anybody. Here that column holds a digest, and the cookie's value stands nowhere. `SESSION_ENGINE` names this module.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone


def digest(key: str) -> str:
    """160 bits as 40 hexadecimal digits: as much as the column holds, and as a cookie's 32 characters carry."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """What Django's own does, with `digest(session_key)` wherever that one writes or looks for the key."""

    def load(self) -> dict[str, Any]:
        row = self.model.objects.filter(
            session_key=digest(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            # As Django does: a key that a browser made up is never given to a session.
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return super().exists(digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(digest(key))

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        row = await super().acreate_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    # Django's asynchronous twins look for the key themselves; these call the methods above.
    aload = SessionBase.aload
    aexists = SessionBase.aexists
    adelete = SessionBase.adelete
