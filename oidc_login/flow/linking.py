"""Who a person at a provider becomes here: the rules of API.md, "Who the person is", as one pure function.

`decide` looks at facts and returns a decision; `enrolment` carries it out. The rules guard against three stories. A
stranger makes an account at a careless provider with the victim's address and lands in the victim's account here. A
stranger registers the victim's address here first, waits until its owner signs in through a provider, and still holds
the password. And the other way round: an owner is locked out because somebody else's identity was linked before.
"""

from dataclasses import dataclass
from enum import Enum

from oidc_login.codes import Code
from oidc_login.flow.claims import PersonClaims, Proof
from oidc_login.flow.facts import Account, Signup


class Action(Enum):
    SIGN_IN = "sign_in"
    LINK = "link"
    ASK_FOR_PASSWORD = "ask_for_password"
    CREATE = "create"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`code` is set for REFUSE; `drop_holdings` for a LINK to an account whose address nobody ever proved."""

    action: Action
    code: Code | None = None
    drop_holdings: bool = False
    email_verified: bool = False
    review: bool = False


def decide(
    person: PersonClaims, *, known: Account | None, same_email: Account | None, linking: str, signup: Signup
) -> Decision:
    """`known` is the user of this very identity, `same_email` the user with the canonically same address."""
    if known is not None:
        return _blocked(known) or Decision(action=Action.SIGN_IN)
    if same_email is not None:
        return _meet(person, same_email, linking=linking)
    return _arrive(person, signup=signup)


def _refuse(code: Code) -> Decision:
    return Decision(action=Action.REFUSE, code=code)


def _blocked(account: Account) -> Decision | None:
    if account.status == "suspended":
        return _refuse(Code.ACCOUNT_SUSPENDED)
    if account.status == "pending":
        return _refuse(Code.ACCOUNT_PENDING)
    return None


def _meet(person: PersonClaims, account: Account, *, linking: str) -> Decision:
    if account.linked_at_issuer:
        return _refuse(Code.EMAIL_ALREADY_LINKED)
    if person.proof is Proof.PROVEN and linking == "verified_email":
        # Only somebody who proved the address learns that the account is blocked.
        return _blocked(account) or Decision(
            action=Action.LINK, drop_holdings=not account.email_verified, email_verified=True
        )
    if account.has_password and linking != "never":
        return Decision(action=Action.ASK_FOR_PASSWORD)
    return _refuse(Code.LINK_REQUIRES_SIGN_IN)


def _arrive(person: PersonClaims, *, signup: Signup) -> Decision:
    if person.proof is Proof.NOT_PROVEN:
        return _refuse(Code.EMAIL_NOT_VERIFIED)
    if not signup.open or not signup.domain_allowed:
        return _refuse(Code.SIGNUP_DISABLED)
    return Decision(action=Action.CREATE, email_verified=person.proof is Proof.PROVEN, review=signup.review)
