"""The closed list of security events, and the one way to record them.

An event is written in the caller's transaction: what is rolled back did not happen, and what happened is on record.
No secrets, tokens, codes or whole claims in details. People are named by id: a deleted person's address goes with them.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from fairlead import client, request_id
from fairlead.audit import lines
from fairlead.audit.models import AuditEvent
from fairlead.conf import conf

_FORBIDDEN = ("password", "secret", "token", "code", "verifier", "email", "claims")


class Event(StrEnum):
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REGISTERED = "registered"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_DISOWNED = "email_change_disowned"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_SET = "password_set"
    PASSWORD_REMOVED = "password_removed"
    PASSWORD_RESET_SENT = "password_reset_sent"
    PASSWORD_TRIES_FORGOTTEN = "password_tries_forgotten"
    SESSION_ENDED = "session_ended"
    REFRESH_REUSED = "refresh_reused"
    STATUS_CHANGED = "status_changed"
    PERSON_DELETED = "person_deleted"
    ADMIN_GRANTED = "admin_granted"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_EXPECTED = "identity_expected"
    IDENTITY_UNLINKED = "identity_unlinked"
    SIGN_IN_LINK_MADE = "sign_in_link_made"
    PROVIDER_CHANGED = "provider_changed"
    POLICY_CHANGED = "policy_changed"
    ORGANIZATION_CREATED = "organization_created"
    ORGANIZATION_CHANGED = "organization_changed"
    ORGANIZATION_DELETED = "organization_deleted"
    MEMBERSHIP_CHANGED = "membership_changed"
    INVITATION_CREATED = "invitation_created"
    INVITATION_RESENT = "invitation_resent"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    API_KEY_CREATED = "api_key_created"
    API_KEY_ROTATED = "api_key_rotated"
    API_KEY_REVOKED = "api_key_revoked"
    POOL_CREATED = "pool_created"
    POOL_CHANGED = "pool_changed"
    POOL_DELETED = "pool_deleted"
    POOL_KEYS_ROTATED = "pool_keys_rotated"
    CLIENT_CREATED = "client_created"
    CLIENT_CHANGED = "client_changed"
    CLIENT_DELETED = "client_deleted"
    APP_USER_BLOCKED = "app_user_blocked"
    APP_USER_UNBLOCKED = "app_user_unblocked"
    APP_USER_TOKENS_REVOKED = "app_user_tokens_revoked"

    @property
    def of_an_organization(self) -> bool:
        """Whether it always happens in one organization, whose administrators may read of it."""
        return self.startswith(
            ("organization_", "membership_", "invitation_", "api_key_", "pool_", "client_", "app_user_")
        )


def record(
    event: Event,
    *,
    actor: Model | AnonymousUser | None = None,
    subject: Model | None = None,
    organization: UUID | None = None,
    request: HttpRequest | None = None,
    **details: Any,
) -> AuditEvent:
    """Append one event. `actor` did it (None: nobody signed in, or a command); `subject` is whom or what it is about;
    `organization` is the id of the one in which it happened.

    Raises ValueError for a detail whose name says that it holds a secret or personal data, and where the organization
    is missing.
    """
    if event.of_an_organization and organization is None:
        raise ValueError(f"{event} happens in an organization: say which")
    for name in details:
        if any(word in name for word in _FORBIDDEN) and not name.endswith(("_id", "error_code")):
            raise ValueError(f"{name} does not belong into the audit record")
    written = AuditEvent.objects.create(
        event=event,
        actor_type=_kind(actor),
        actor_id=_id(actor),
        subject_type=_kind(subject),
        subject_id=_id(subject),
        organization=organization,
        address=client.address(request) if request else "",
        request_id=request_id.of(request),
        details={name: _plain(value) for name, value in details.items()},
    )
    # What is rolled back did not happen: no line of it either.
    if conf().record_lines:
        transaction.on_commit(partial(_write_line, written), robust=True)
    return written


def _write_line(event: AuditEvent) -> None:
    lines.write(
        "event", id=event.pk, at=event.at, event=event.event, actorType=event.actor_type, actor=event.actor_id,
        subjectType=event.subject_type, subject=event.subject_id, organization=event.organization,
        address=event.address, requestId=event.request_id, details=event.details,
    )  # fmt: skip


def _kind(model: Model | AnonymousUser | None) -> str:
    """A name of our own, which stays when a model moves: `audit_name` of its class; people are "person"."""
    if not isinstance(model, Model):
        return ""
    return "person" if isinstance(model, get_user_model()) else str(model.audit_name)  # type: ignore[attr-defined]


def _id(model: Model | AnonymousUser | None) -> str:
    return str(model.pk) if isinstance(model, Model) else ""


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, UUID):
        return str(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def forget_expired(now: datetime) -> int:
    """Delete events older than AUDIT_DAYS. Returns how many."""
    return AuditEvent.objects.all().remove_older_than(now - timedelta(days=conf().audit_days))
