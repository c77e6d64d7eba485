"""New people who come with a password, and the proof that an address is theirs."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import changes, policy, profile
from accounts.email import links, mailer
from accounts.errors import EmailTaken, InvalidRequest, SignupDisabled
from accounts.models import MailedLink, User
from accounts.passwords import new_password
from fairlead import email_address
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.people import VerifiedBy
from fairlead.web import rate_limits


@dataclass(frozen=True, kw_only=True)
class Registered:
    user: User
    pending: bool
    """Waits for an administrator: no session, no tokens."""


def register(*, email: str, password: str, name: str, request: HttpRequest) -> Registered:
    """Make an account and mail its verification link.

    Raises PasswordLoginDisabled, SignupDisabled, InvalidRequest, EmailTaken.
    """
    new_password.require_allowed()
    mode = policy.current().mode
    if mode == "disabled":
        raise SignupDisabled
    try:
        canonical = email_address.canonical(email)
    except email_address.InvalidAddress as error:
        raise InvalidRequest(errors={"email": [str(error)]}) from None
    if not domain_allowed(canonical):
        raise SignupDisabled("New accounts are only for addresses of certain domains here. Ask an administrator.")
    user = User(
        email=email,
        name=profile.acceptable(name),
        name_source=User.NameSource.PERSON,
        verified_by=VerifiedBy.TYPED if conf().trust_local_email else VerifiedBy.NOTHING,
        status=User.Status.PENDING if mode == "review" else User.Status.ACTIVE,
    )
    new_password.require_acceptable(password, user=user, field="password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            record(Event.REGISTERED, actor=user, subject=user, request=request, status=user.status)
    except IntegrityError:
        raise EmailTaken from None
    if not user.email_verified:
        _mail_verification(user, now=timezone.now())
    return Registered(user=user, pending=not user.is_active)


def domain_allowed(canonical: str) -> bool:
    """Whether somebody new may have this address, by its domain. An empty list allows none."""
    allowed = policy.current().email_domains
    return allowed is None or canonical.partition("@")[2] in {each.lower().lstrip("@") for each in allowed}


def send_verification(user: User) -> None:
    """Mail the link again, at most five mails an hour. Nothing happens for a verified address. Raises RateLimited."""
    if not user.email_verified:
        rate_limits.hit("mails", user.email_canonical, times=5, seconds=3600)
        _mail_verification(user, now=timezone.now())


def _mail_verification(user: User, *, now: datetime) -> None:
    token = links.make(MailedLink.Purpose.VERIFY_EMAIL, user=user, email=user.email_canonical, now=now)
    mailer.send("verify_email", to=user.email, user=user, url=f"{conf().origin}/verify-email?token={token}")


def follow_verification(token: str, *, request: HttpRequest | None = None, now: datetime | None = None) -> User:
    """Prove the address that the link was mailed to; with a link for a new address, change to it.

    Raises LinkInvalid, EmailTaken.
    """
    link = links.use(token, MailedLink.Purpose.VERIFY_EMAIL, MailedLink.Purpose.CHANGE_EMAIL, now=now or timezone.now())
    user = link.user
    if user is None or (link.purpose == MailedLink.Purpose.VERIFY_EMAIL and link.email != user.email_canonical):
        raise links.LinkInvalid
    if link.purpose == MailedLink.Purpose.CHANGE_EMAIL:
        if user.status == User.Status.SUSPENDED:
            raise links.LinkInvalid
        _change_email(user, link.email, request=request)
    else:
        mark_verified(user, by=VerifiedBy.LINK, request=request)
    return user


def mark_verified(user: User, *, by: VerifiedBy, request: HttpRequest | None = None) -> None:
    """The address was verified in this way. A better way that is stored already stays."""
    with transaction.atomic():
        weaker = User.objects.filter(pk=user.pk, verified_by__in=by.replaces)
        if weaker.update(verified_by=by, updated_at=timezone.now()):
            record(Event.EMAIL_VERIFIED, actor=user, subject=user, request=request, by=by)
            changes.people.changed(transaction.on_commit)
            user.verified_by = by
        promote_if_admin(user, request=request)


def _change_email(user: User, new: str, *, request: HttpRequest | None) -> None:
    old = user.email
    user.email, user.verified_by = new, VerifiedBy.LINK
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_canonical", "verified_by", "updated_at"])
            MailedLink.objects.filter(user=user, used_at=None).delete()
            record(Event.EMAIL_CHANGED, actor=user, subject=user, request=request)
            changes.people.changed(transaction.on_commit)
            mailer.send("email_changed", to=old, user=user)
            promote_if_admin(user, request=request)
    except IntegrityError:
        raise EmailTaken from None


def promote_if_admin(user: User, *, request: HttpRequest | None = None) -> bool:
    """Make the person of FAIRLEAD_ADMIN_EMAIL administrator, once the address is proven. True when that changed.

    A pending one becomes active: where everybody waits for an administrator, nobody could let the first one in.
    A suspended one stays out.
    """
    if not has_admin_address(user) or not VerifiedBy(user.verified_by).makes_administrator:
        return False
    if user.status == User.Status.SUSPENDED:
        return False
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk).exclude(is_staff=True, is_superuser=True, status="active")
        if not changed.update(is_staff=True, is_superuser=True, status=User.Status.ACTIVE, is_active=True):
            return False
        record(Event.ADMIN_GRANTED, subject=user, request=request, reason="FAIRLEAD_ADMIN_EMAIL")
        changes.people.changed(transaction.on_commit)
    user.is_staff = user.is_superuser = user.is_active = True
    user.status = User.Status.ACTIVE
    return True


def has_admin_address(user: User) -> bool:
    try:
        return bool(conf().admin_email) and email_address.canonical(conf().admin_email) == user.email_canonical
    except email_address.InvalidAddress:
        return False
