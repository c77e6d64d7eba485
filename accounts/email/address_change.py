"""A new address for a person: asked for with proof, done when the link mailed to the new address is followed.

The answer is the same whether the new address has an account or not; only its owner learns that, by mail.
"""

from django.http import HttpRequest
from django.utils import timezone

from accounts.email import links, mailer
from accounts.errors import FreshSignInRequired, InvalidCredentials, InvalidRequest
from accounts.models import MailedLink, Session, User
from accounts.passwords import sign_in
from accounts.sessions import lifecycle
from fairlead import email_address
from fairlead.conf import conf
from fairlead.web import rate_limits


def ask(
    user: User, *, session: Session, new: str, password: str, request: HttpRequest, field: str = "newEmail"
) -> None:
    """Mail the link. `field` names the new address in errors.

    Raises InvalidRequest, RateLimited, InvalidCredentials, FreshSignInRequired.
    """
    try:
        canonical = email_address.canonical(new)
    except email_address.InvalidAddress as error:
        raise InvalidRequest(errors={field: [str(error)]}) from None
    if canonical == user.email_canonical:
        raise InvalidRequest(errors={field: ["This is your address already."]})
    _require_proof(user, session=session, password=password, request=request)
    rate_limits.hit("mails", user.email_canonical, times=5, seconds=3600)
    if User.objects.filter(email_canonical=canonical).exists():
        mailer.send("email_in_use", to=new)
    else:
        token = links.make(MailedLink.Purpose.CHANGE_EMAIL, user=user, email=new, session=session, now=timezone.now())
        mailer.send("change_email", to=new, url=f"{conf().origin}/verify-email?token={token}")
    mailer.send("email_change_asked", to=user.email)


def _require_proof(user: User, *, session: Session, password: str, request: HttpRequest) -> None:
    """The password, or a sign-in through a provider within five minutes: a session left open is not enough."""
    if session.method == Session.Method.PROVIDER and lifecycle.fresh(session, now=timezone.now()):
        return
    if not user.has_usable_password():
        raise FreshSignInRequired
    if not password:
        raise InvalidRequest(errors={"password": ["Enter your password to change the address."]})
    proven = sign_in.prove(request, email=user.email, password=password, even_where_disabled=True)
    if proven.pk != user.pk:
        raise InvalidCredentials
