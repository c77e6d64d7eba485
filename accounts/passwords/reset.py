"""A new password for somebody who cannot sign in, by a link mailed to their address.

Asking tells nothing: the same answer, the same work in the request, whether there is an account or not.
"""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import policy, registration, unverified
from accounts.email import links, mailer
from accounts.models import MailedLink, User
from accounts.passwords import new_password
from fairlead import client, email_address
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.people import VerifiedBy
from fairlead.web import rate_limits


def ask(email: str, *, request: HttpRequest) -> None:
    """Mail a link, or how they sign in to somebody without a password. Quiet about everything else.

    Raises PasswordLoginDisabled.
    """
    new_password.require_allowed()
    try:
        canonical = email_address.canonical(email)
    except email_address.InvalidAddress:
        return
    try:
        rate_limits.hit("reset", client.network(request), times=30, seconds=3600)
        rate_limits.hit("mails", canonical, times=5, seconds=3600)
    except rate_limits.RateLimited:
        return
    user = User.objects.filter(email_canonical=canonical).exclude(status=User.Status.SUSPENDED).first()
    with transaction.atomic():
        url = _link(user, canonical)
        record(Event.PASSWORD_RESET_SENT, subject=user, request=request)
        if user is None:
            return
        if user.has_usable_password():
            mailer.send("reset_password", to=user.email, url=url)
        else:
            mailer.send("no_password", to=user.email)


def send(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """Mail a link on an administrator's behalf, to somebody without a password too. False for suspended people."""
    if user.status == User.Status.SUSPENDED or not policy.password_sign_in_allowed():
        return False
    with transaction.atomic():
        mailer.send("choose_password", to=user.email, url=_link(user, user.email_canonical))
        record(Event.PASSWORD_RESET_SENT, actor=actor, subject=user, request=request)
    return True


def _link(user: User | None, canonical: str) -> str:
    token = links.make(MailedLink.Purpose.RESET_PASSWORD, user=user, email=canonical, now=timezone.now())
    return f"{conf().origin}/password-reset/confirm?token={token}"


def finish(raw_token: str, new: str, *, request: HttpRequest, field: str = "newPassword") -> User:
    """Set the password; every session ends. The link proves the address too.

    A password that is refused does not use up the link. Raises PasswordLoginDisabled, LinkInvalid, InvalidRequest.
    """
    new_password.require_allowed()
    now = timezone.now()
    looked_at = links.look(raw_token, MailedLink.Purpose.RESET_PASSWORD, now=now)
    user = _person(looked_at)
    new_password.require_acceptable(new, user=user, field=field)
    links.use(raw_token, MailedLink.Purpose.RESET_PASSWORD, now=now)
    with transaction.atomic():
        if not VerifiedBy(user.verified_by).proven:
            # The owner of the address may not be who made the account: see `unverified`.
            unverified.drop_strangers_holdings(user, request=request)
        new_password.replace_by_reset(user, new, request=request)
        registration.mark_verified(user, by=VerifiedBy.LINK, request=request)
    return user


def _person(link: MailedLink) -> User:
    """Raises LinkInvalid where the account is gone, has another address meanwhile or is suspended."""
    user = link.user
    if user is None or user.email_canonical != link.email or user.status == User.Status.SUSPENDED:
        raise links.LinkInvalid
    return user
