"""A new address for a person: asked for with proof, done when the link mailed to the new address is followed.

A change belongs to the session that asked for it. It ends with that session, and counts only there: a thief's pending
change would otherwise outlive "sign out all other devices", and the owner of a victim's mailbox could be made to put
their address on a stranger's account by one click. The answer is the same whether the new address has an account or
not; only its owner learns that, by mail.
"""

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts import administrator, changes
from accounts.email import links, mailer
from accounts.errors import EmailTaken, FreshSignInRequired, InvalidCredentials, InvalidRequest, SignInToVerify
from accounts.models import MailedLink, Session, User
from accounts.passwords import proof
from accounts.sessions import lifecycle
from fairlead import email_address
from fairlead.audit.events import Event, record
from fairlead.verified_by import VerifiedBy
from fairlead.web import rate_limits

Purpose = MailedLink.Purpose


def ask(
    user: User, *, session: Session, new: str, password: str, request: HttpRequest, field: str = "newEmail"
) -> None:
    """Mail the link, and to the old address one that stops it. `field` names the new address in errors.

    Raises InvalidRequest, RateLimited, InvalidCredentials, FreshSignInRequired.
    """
    try:
        canonical = email_address.canonical(new)
    except email_address.InvalidAddress as error:
        raise InvalidRequest(errors={field: [gettext(str(error))]}) from None
    if canonical == user.email_canonical:
        raise InvalidRequest(errors={field: [gettext("This is your address already.")]})
    _require_proof(user, session=session, password=password, request=request)
    rate_limits.hit("mails of", str(user.pk), "rate_limit_mails")
    mailer.count(canonical, request=request)
    now = timezone.now()
    with transaction.atomic():
        if owner := User.objects.filter(email_canonical=canonical).first():
            mailer.send("email_in_use", to=new, language=owner.language)
        else:
            token = links.make(Purpose.CHANGE_EMAIL, user=user, email=new, session=session, now=now)
            url = mailer.link_to("accounts:verify-email", token=token)
            mailer.send("change_email", to=new, language=user.language, url=url)
        disown = links.make(Purpose.DISOWN_CHANGE, user=user, email=user.email_canonical, now=now)
        url = mailer.link_to("accounts:disown-change", token=disown)
        mailer.send("email_change_asked", to=user.email, language=user.language, url=url)


def _require_proof(user: User, *, session: Session, password: str, request: HttpRequest) -> None:
    """The password, or a sign-in through a provider within five minutes: a session left open is not enough."""
    if session.method == Session.Method.PROVIDER and lifecycle.fresh(session, now=timezone.now()):
        return
    if not user.has_usable_password():
        raise FreshSignInRequired
    if not password:
        raise InvalidRequest(errors={"password": [gettext("Enter your password to change the address.")]})
    if proof.demand(request, email=user.email, password=password, even_where_disabled=True).pk != user.pk:
        raise InvalidCredentials


def carry_out(link: MailedLink, *, session: Session | None, request: HttpRequest) -> User:
    """Change the address, in the session that asked for it. Raises SignInToVerify, LinkInvalid, EmailTaken."""
    if session is None or session.pk != link.session_id:
        raise SignInToVerify(
            gettext_noop("Open the link in the browser or the application in which you asked for the change.")
        )
    links.use(link)
    try:
        replace(link.holder, link.email, verified_by=VerifiedBy.LINK, request=request)
    except IntegrityError:
        raise EmailTaken from None
    return link.holder


def replace(user: User, new: str, *, verified_by: VerifiedBy, request: HttpRequest | None) -> None:
    """Give the account this address, and tell the old one. Raises IntegrityError where somebody has it."""
    old = user.email
    with transaction.atomic():
        user.email, user.verified_by = new, verified_by
        user.save(update_fields=["email", "email_canonical", "verified_by", "updated_at"])
        links.void_all(user)
        record(Event.EMAIL_CHANGED, actor=user, subject=user, request=request, by=verified_by)
        changes.people.changed(transaction.on_commit)
        mailer.send("email_changed", to=old, language=user.language)
        administrator.promote(user, request=request)


def look_to_disown(raw_token: str) -> MailedLink:
    """The link that was mailed to the old address, unused. Raises LinkInvalid."""
    link = links.look(raw_token, Purpose.DISOWN_CHANGE, now=timezone.now())
    if link.email != link.holder.email_canonical:
        raise links.LinkInvalid
    return link


def disown(raw_token: str, *, request: HttpRequest) -> User:
    """Answer "that was not me": void the pending change, and end every session. Raises LinkInvalid."""
    link = look_to_disown(raw_token)
    links.use(link)
    user = link.holder
    with transaction.atomic():
        # The change ends with the session that asked for it.
        lifecycle.end_all(user, request=request)
        record(Event.EMAIL_CHANGE_DISOWNED, subject=user, request=request)
    return user
