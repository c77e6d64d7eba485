"""That an address is theirs: shown by a mailed link, noted with the way in which it was shown.

A link proves who reads the mailbox, not who holds the account: a stranger may have registered with the address, and its
owner would arm the stranger's account by one click. So it counts only for whoever is signed in to the account or gives
its password. Anybody else who reads the mailbox may have the account emptied: `passwords.reset`.
"""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import administrator, changes
from accounts.email import address_change, links, mailer
from accounts.errors import AccountPending, SignInToVerify
from accounts.models import MailedLink, Session, User
from accounts.passwords import hashing, proof
from fairlead.audit.events import Event, record
from fairlead.verified_by import VerifiedBy
from fairlead.web import rate_limits

_TOO_OFTEN = gettext_noop("The password was wrong too often. Sign in to the account, then follow the link again.")


def mail_link(user: User) -> None:
    """Mail the person a link that proves their address."""
    purpose = MailedLink.Purpose.VERIFY_EMAIL
    with transaction.atomic():
        token = links.make(purpose, user=user, email=user.email_canonical, now=timezone.now())
        url = mailer.link_to("accounts:verify-email", token=token)
        good_for = links.lifetime(purpose)
        mailer.send("verify_email", to=user.email, language=user.language, good_for=good_for, url=url)


def mail_link_again(user: User) -> None:
    """At most five mails an hour. Nothing happens for a verified address. Raises RateLimited."""
    if not user.email_verified:
        rate_limits.hit("mails of", str(user.pk), "rate_limit_mails")
        mail_link(user)


def look(raw_token: str) -> MailedLink:
    """The link to prove or to change an address, unused, and still for the address it was made for.

    Raises LinkInvalid.
    """
    link = links.look(raw_token, MailedLink.Purpose.VERIFY_EMAIL, MailedLink.Purpose.CHANGE_EMAIL, now=timezone.now())
    if link.purpose == MailedLink.Purpose.VERIFY_EMAIL and link.email != link.holder.email_canonical:
        # An administrator changed the address meanwhile.
        raise links.LinkInvalid
    return link


def follow(raw_token: str, *, session: Session | None, password: str = "", request: HttpRequest) -> User:
    """Prove the address that the link was mailed to; with a link for a new address, change to it.

    `session` is the one that the request is signed in with. Where nothing is proven nothing happens, and the token
    stays good. Raises LinkInvalid, SignInToVerify, InvalidCredentials, RateLimited, AccountSuspended, EmailTaken.
    """
    link = look(raw_token)
    if link.purpose == MailedLink.Purpose.CHANGE_EMAIL:
        return address_change.carry_out(link, session=session, request=request)
    if session is None or session.user_id != link.user_id:
        _require_password(link, password, request=request)
    links.use(link)
    mark(link.holder, by=VerifiedBy.LINK, request=request)
    return link.holder


def _require_password(link: MailedLink, password: str, *, request: HttpRequest) -> None:
    """A link stands five tries: whoever reads the mailbox may guess no more often than that."""
    if not password:
        raise SignInToVerify
    with hashing.place():
        if MailedLink.count_try(link.digest, now=timezone.now()) is None:
            raise SignInToVerify(_TOO_OFTEN)
        try:
            proof.demand(request, email=link.holder.email, password=password, even_where_disabled=True)
        except AccountPending:
            # Said only after a right password. The account waits for approval; the address does not.
            return


def mark(user: User, *, by: VerifiedBy, request: HttpRequest | None = None) -> None:
    """Note that the address was verified in this way. A better way that is stored already stays."""
    with transaction.atomic():
        weaker = User.objects.filter(pk=user.pk, verified_by__in=by.replaces)
        if weaker.update(verified_by=by, updated_at=timezone.now()):
            user.verified_by = by
            record(Event.EMAIL_VERIFIED, actor=user, subject=user, request=request, by=by)
            changes.people.changed(transaction.on_commit)
        if VerifiedBy(user.verified_by).proven:
            MailedLink.objects.filter(user=user, purpose=MailedLink.Purpose.VERIFY_EMAIL, used_at=None).delete()
        administrator.promote(user, request=request)
