"""A new password for somebody who cannot sign in, by a link mailed to their address.

Asking tells nothing: the same answer, the same work in the request, whether there is an account or not.
"""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import policy, unverified
from accounts.email import links, mailer, verification
from accounts.models import MailedLink, User
from accounts.passwords import hashing, new_password
from fairlead import client, email_address
from fairlead.audit.events import Event, record
from fairlead.conf import Rate
from fairlead.verified_by import VerifiedBy
from fairlead.web import rate_limits

Purpose = MailedLink.Purpose
_ASKED = Rate("30/3600")


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
        rate_limits.hit("reset", client.network(request), _ASKED)
        mailer.count(canonical, request=request)
    except rate_limits.RateLimited:
        return
    user = User.objects.filter(email_canonical=canonical).exclude(status=User.Status.SUSPENDED).first()
    with transaction.atomic():
        url = _link(user, canonical)
        record(Event.PASSWORD_RESET_SENT, subject=user, request=request)
        to, language = (user.email, user.language) if user else ("", "")
        if user is None or user.has_usable_password():
            good_for = links.lifetime(Purpose.RESET_PASSWORD)
            mailer.send("reset_password", to=to, language=language, good_for=good_for, url=url)
        else:
            mailer.send("no_password", to=to, language=language)


def mail_link(user: User, *, actor: User | None, request: HttpRequest | None = None) -> bool:
    """On an administrator's behalf, to somebody without a password too. False for suspended people."""
    if user.status == User.Status.SUSPENDED or not policy.password_sign_in_allowed():
        return False
    with transaction.atomic():
        url = _link(user, user.email_canonical)
        good_for = links.lifetime(Purpose.RESET_PASSWORD)
        mailer.send("choose_password", to=user.email, language=user.language, good_for=good_for, url=url)
        record(Event.PASSWORD_RESET_SENT, actor=actor, subject=user, request=request)
    return True


def _link(user: User | None, canonical: str) -> str:
    token = links.make(Purpose.RESET_PASSWORD, user=user, email=canonical, now=timezone.now())
    return mailer.link_to("accounts:password-reset-confirm", token=token)


def look(raw_token: str) -> MailedLink:
    """The link to choose a password, unused. Raises LinkInvalid.

    A link to verify an address is one too, as long as nobody has proven the address: whoever reads the mailbox and did
    not register, or does not know the password, empties the account and begins anew.
    """
    link = links.look(raw_token, Purpose.RESET_PASSWORD, Purpose.VERIFY_EMAIL, now=timezone.now())
    user = link.holder
    if user.email_canonical != link.email or user.status == User.Status.SUSPENDED:
        raise links.LinkInvalid
    if link.purpose == Purpose.VERIFY_EMAIL and VerifiedBy(user.verified_by).proven:
        raise links.LinkInvalid
    return link


@hashing.place()  # before the link is used up: whoever finds none comes again with the same link
def finish(raw_token: str, new: str, *, request: HttpRequest, field: str = "newPassword") -> User:
    """Set the password; every session ends. The link proves the address too.

    A password that is refused does not use up the link. Raises PasswordLoginDisabled, LinkInvalid, InvalidRequest.
    """
    new_password.require_allowed()
    link = look(raw_token)
    new_password.require_acceptable(new, user=link.holder, field=field)
    links.use(link)
    with transaction.atomic():
        user = _emptied(link, request=request)
        new_password.replace_by_reset(user, new, request=request)
        verification.mark(user, by=VerifiedBy.LINK, request=request)
    return user


def empty(raw_token: str, *, request: HttpRequest) -> User:
    """Where passwords are off: whoever reads the mailbox and did not register leaves nothing of who did.

    They sign in through a provider then. Raises LinkInvalid.
    """
    link = look(raw_token)
    links.use(link)
    with transaction.atomic():
        user = _emptied(link, request=request)
        verification.mark(user, by=VerifiedBy.LINK, request=request)
    return user


def _emptied(link: MailedLink, *, request: HttpRequest) -> User:
    """The person, with nothing of whoever made the account, if nobody ever proved its address: see `unverified`."""
    user = link.holder
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    if not VerifiedBy(user.verified_by).proven:
        unverified.wipe(user, request=request)
    return user
