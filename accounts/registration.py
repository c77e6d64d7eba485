"""New people who come with a password."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from accounts import pending_mails, policy, profile
from accounts.email import verification
from accounts.errors import EmailTaken, InvalidRequest, SignupDisabled
from accounts.models import User
from accounts.passwords import hashing, new_password
from fairlead import email_address
from fairlead.audit.events import Event, record
from fairlead.conf import conf
from fairlead.verified_by import VerifiedBy
from fairlead.web import languages


@dataclass(frozen=True, kw_only=True)
class Registered:
    user: User
    pending: bool
    """Waits for an administrator: no session, no tokens."""


@hashing.place()
def register(*, email: str, password: str, name: str, request: HttpRequest) -> Registered:
    """Make an account and mail its verification link.

    Raises PasswordLoginDisabled, SignupDisabled, InvalidRequest, EmailTaken.
    """
    new_password.require_allowed()
    rules = policy.current()
    if rules.mode == "disabled":
        raise SignupDisabled(settings=[rules.named("USER_SIGNUP")])
    try:
        canonical = email_address.canonical(email)
    except email_address.InvalidAddress as error:
        raise InvalidRequest(errors={"email": [gettext(str(error))]}) from None
    if not rules.domain_allowed(canonical):
        raise SignupDisabled(
            gettext_noop("New accounts are only for addresses of certain domains here. Ask an administrator."),
            settings=[rules.named("SIGNUP_EMAIL_DOMAINS")],
            cause_id="registration.domain",
        )
    user = User(
        email=email,
        name=profile.acceptable(name),
        name_source=User.NameSource.PERSON,
        verified_by=VerifiedBy.TYPED if conf().trust_local_email else VerifiedBy.NOTHING,
        language=languages.of_request(request),
        status=User.Status.PENDING if rules.mode == "review" else User.Status.ACTIVE,
    )
    new_password.require_acceptable(password, user=user, field="password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            record(Event.REGISTERED, actor=user, subject=user, request=request, status=user.status)
            if not user.email_verified:
                verification.mail_link(user)
            if user.status == User.Status.PENDING:
                pending_mails.tell()
    except IntegrityError:
        raise EmailTaken from None
    return Registered(user=user, pending=not user.is_active)
