"""Can this person sign in, and why not? One function from facts to sentences; `of` collects the facts.

It answers for an administrator what `account_status`, `policy` and `password_tries` decide at the door, and decides
nothing itself. What a provider would say of the person nobody knows before they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from django.contrib.auth.hashers import identify_hasher
from django.utils.translation import gettext as _

from accounts import lockouts, policy
from accounts.lockouts import Lockout
from accounts.models import User
from fairlead.verified_by import VerifiedBy


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class LinkedProvider:
    """A provider that the person is linked to. `works`: it is enabled and complete."""

    name: str
    works: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`would_link` names providers that link the account by themselves once they say that the address is theirs."""

    status: str
    has_password: bool
    password_kind_accepted: bool = True
    passwords_allowed: bool = True
    verified: bool = True
    domain_allowed: bool = True
    linked: Sequence[LinkedProvider] = ()
    would_link: Sequence[str] = ()
    lockouts: Sequence[Lockout] = ()


@dataclass(frozen=True, kw_only=True)
class Reason:
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    answer: Answer
    sentence: str
    reasons: list[Reason]


def of(person: User, *, linked: Sequence[LinkedProvider], would_link: Sequence[str]) -> Verdict:
    return decide(
        Facts(
            status=person.status,
            has_password=person.has_usable_password(),
            password_kind_accepted=_kind_accepted(person.password),
            passwords_allowed=policy.password_sign_in_allowed(),
            verified=VerifiedBy(person.verified_by) is not VerifiedBy.NOTHING,
            domain_allowed=policy.current().domain_allowed(person.email_canonical),
            linked=linked,
            would_link=would_link,
            lockouts=lockouts.of(person),
        )
    )


def decide(facts: Facts) -> Verdict:
    reasons = [*_about_password(facts), *_about_providers(facts), *_about_address(facts)]
    if facts.status == User.Status.SUSPENDED:
        return Verdict(answer=Answer.NO, sentence=_("No: the account is suspended."), reasons=[_suspended(), *reasons])
    if facts.status == User.Status.PENDING:
        return Verdict(
            answer=Answer.NO, sentence=_("No: the account waits for approval."), reasons=[_pending(), *reasons]
        )
    by_password = facts.has_password and facts.password_kind_accepted and facts.passwords_allowed
    ways = [_("by password")] if by_password else []
    providers = [each.name for each in facts.linked if each.works]
    ways += [_("through {provider}").format(provider=each) for each in providers]
    if by_password and facts.lockouts and not providers:
        sentence = _("Not from everywhere: some networks are locked out for a while, the others are not.")
        return Verdict(answer=Answer.PARTLY, sentence=sentence, reasons=reasons)
    if ways:
        sentence = _("Yes, in these ways: {ways}.").format(ways=", ".join(ways))
        return Verdict(answer=Answer.YES, sentence=sentence, reasons=reasons)
    if facts.would_link:
        sentence = _("Only through a provider that says that the address is theirs.")
        return Verdict(answer=Answer.PARTLY, sentence=sentence, reasons=reasons)
    return Verdict(answer=Answer.NO, sentence=_("No: no way in works for this account."), reasons=reasons)


def _suspended() -> Reason:
    return Reason(code="suspended", text=_("Suspended: every way in is closed. Reactivate opens them."))


def _pending() -> Reason:
    return Reason(code="pending", text=_("Pending: nobody has approved the account yet. Approve opens it."))


def _about_password(facts: Facts) -> list[Reason]:
    found = []
    if not facts.has_password:
        text = _("The account has no password. Mail a link to choose one, where passwords are allowed.")
        found.append(Reason(code="password_none", text=text))
    elif not facts.password_kind_accepted:
        text = _(
            "The password was hashed in a way that PASSWORD_HASHERS does not list. Mail a link to choose a new one."
        )
        found.append(Reason(code="password_kind", text=text))
    if not facts.passwords_allowed:
        text = _("Sign-in by password is off: see the sign-in policy, or DISABLE_INTERNAL_AUTH.")
        found.append(Reason(code="passwords_off", text=text))
    for each in facts.lockouts:
        text = _(
            "{network} tried too many wrong passwords at this account and waits until {time} UTC. Unlock ends that."
        )
        if each.everybody:
            text = _("{network} tried too many wrong passwords at many accounts and waits until {time} UTC.")
        until = f"{each.until.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        code = "network_locked" if each.everybody else "locked"
        found.append(Reason(code=code, text=text.format(network=each.network, time=until)))
    return found


def _about_providers(facts: Facts) -> list[Reason]:
    off = _("{provider} is linked, but it is not enabled or not complete: see Providers.")
    found = [
        Reason(code="provider_off", text=off.format(provider=each.name)) for each in facts.linked if not each.works
    ]
    if not facts.linked:
        found.append(Reason(code="provider_none", text=_("No provider is linked to the account.")))
    link = _("{provider} links the account by itself when it says that the address is verified.")
    return found + [Reason(code="would_link", text=link.format(provider=each)) for each in facts.would_link]


def _about_address(facts: Facts) -> list[Reason]:
    found = []
    if not facts.verified:
        text = _("The address is not verified. That keeps nobody out, but who proves it takes the account over.")
        found.append(Reason(code="unverified", text=text))
    if not facts.domain_allowed:
        text = _("New people may not have an address of this domain. Whoever has an account already stays.")
        found.append(Reason(code="domain", text=text))
    return found


def _kind_accepted(encoded: str) -> bool:
    try:
        identify_hasher(encoded)
    except ValueError:
        return False
    return True
