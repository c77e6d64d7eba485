"""App users: made at first sight, remembered for a few seconds, blocked, their tokens revoked.

A block or a revocation holds at once in this process and within LIFETIME in the others.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils import timezone

from fairlead import signals
from fairlead.audit.events import Event, record
from fairlead.idtokens.errors import RefusalCode, TokenRefused
from fairlead.idtokens.verified import VerifiedToken
from fairlead.memory import Memory
from userpools.models import AppUser, UserPool

LIFETIME = 10  # seconds
SEEN_EVERY = timedelta(days=1)
_known: Memory[tuple[object, str], AppUser] = Memory(seconds=LIFETIME, size=20_000)


def of(pool: UserPool, external_id: str) -> AppUser:
    """The user whom a *verified* token named; made now where this is the first one. The instance is shared."""
    return _known.look_up((pool.pk, external_id), lambda: made(pool, external_id))


def stamp() -> int:
    """Read this before loading a user by other means, for `remember`."""
    return _known.stamp


def remember(user: AppUser, *, stamp: int) -> None:
    _known.put((user.pool_id, user.external_id), user, stamp=stamp)


def fresh(pool: UserPool, external_id: str) -> AppUser | None:
    """The user as the database has it now, if there is one."""
    return AppUser.objects.filter(pool=pool, external_id=external_id).first()


def check(user: AppUser, token: VerifiedToken) -> None:
    """Raise TokenRefused where the user is blocked or the token was revoked. Absent `iat` is not the same as late."""
    if user.blocked_at is not None:
        raise TokenRefused(
            RefusalCode.BLOCKED,
            "This user is blocked here. An administrator of the organization can tell why, and unblock them.",
        )
    after = user.tokens_valid_after
    if after is None:
        return
    issued_at = token.claims.get("iat")
    if not isinstance(issued_at, int | float) or issued_at < after.timestamp():
        raise TokenRefused(RefusalCode.REVOKED, "This user's earlier tokens were revoked. Get a fresh one.")


def seen(user: AppUser, *, now: datetime) -> None:
    """Note the day. At most one write a day and user; a database that cannot write does not refuse anybody."""
    before = now - SEEN_EVERY
    if user.last_seen_at is not None and user.last_seen_at > before:
        return
    user.last_seen_at = now
    try:
        due = AppUser.objects.filter(Q(last_seen_at=None) | Q(last_seen_at__lte=before), pk=user.pk)
        if due.update(last_seen_at=now):
            signals.tell(signals.app_user_seen, sender=AppUser, app_user=user, new=False)
    except OperationalError:
        return


def block(user: AppUser, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    _change(user, Event.APP_USER_BLOCKED, actor, request, blocked_at=timezone.now())


def unblock(user: AppUser, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    _change(user, Event.APP_USER_UNBLOCKED, actor, request, blocked_at=None)


def revoke_tokens(user: AppUser, *, actor: Model | None = None, request: HttpRequest | None = None) -> None:
    """Refuse every token issued up to and in this second. Times in tokens have no smaller unit."""
    next_second = timezone.now().replace(microsecond=0) + timedelta(seconds=1)
    _change(user, Event.APP_USER_TOKENS_REVOKED, actor, request, tokens_valid_after=next_second)


def made(pool: UserPool, external_id: str) -> AppUser:
    """The user's row as the database has it, made where there is none."""
    return fresh(pool, external_id) or _make(pool, external_id)


def _change(user: AppUser, event: Event, actor: Model | None, request: HttpRequest | None, **fields: Any) -> None:
    with transaction.atomic():
        AppUser.objects.filter(pk=user.pk).update(**fields)
        record(
            event, actor=actor, subject=user, request=request,
            organization=user.pool.organization_id, pool=user.pool_id,
        )  # fmt: skip
        _known.changes.changed(transaction.on_commit)


def _make(pool: UserPool, external_id: str) -> AppUser:
    try:
        with transaction.atomic():
            new = AppUser.objects.create(pool=pool, external_id=external_id, last_seen_at=timezone.now())
            signals.tell(signals.app_user_seen, sender=AppUser, app_user=new, new=True)
            return new
    except IntegrityError:
        # Two first calls at once: the other one made the row. Or the pool went away, and then there is none.
        user = fresh(pool, external_id)
        if user is None:
            raise TokenRefused(RefusalCode.WRONG_ISSUER, "The user pool does not exist any more.") from None
        return user
