"""Who a person at a provider becomes here: the rules of docs/http-api.md, "Who the person is", as one pure function.

`decide` looks at facts and returns a decision; `provisioning` carries it out. The rules guard against three attacks.
Somebody makes an account at a careless provider with the victim's address and lands in the victim's account here.
Somebody registers the victim's address here first, waits until its owner signs in through a provider, and still holds
the password. And the other way round: an owner is locked out because somebody else's identity was linked before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from fairlead.causes import SET_TO, TABLE, Cause, cause
from fairlead.people import AccountState, SignupRules
from fairlead.verified_by import VerifiedBy
from oidc_login.flow.claims import EmailVerified, ExternalIdentity


class Action(Enum):
    SIGN_IN = "sign_in"
    LINK = "link"
    ASK_FOR_PASSWORD = "ask_for_password"
    CREATE = "create"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class SameAddress:
    """The account with the canonically same address, and what links it to this issuer."""

    account: AccountState
    other_subject: bool = False
    """It is linked to another subject of this issuer, through the same client."""
    expected: bool = False
    """An import named this account for the next one who comes from this issuer with this address."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`cause` is set for REFUSE; `wipe_unverified` for a LINK to an account whose address nobody ever proved."""

    action: Action
    cause: Cause | None = None
    wipe_unverified: bool = False
    verified_by: VerifiedBy = VerifiedBy.NOTHING
    """What the sign-in proves of the account's address."""
    expected: bool = False
    """A LINK that uses the expected identity up."""
    review: bool = False


def decide(
    external: ExternalIdentity,
    *,
    known: AccountState | None,
    same_address: SameAddress | None,
    linking: str,
    signup: SignupRules,
) -> Decision:
    """`known` is the account of this very identity. `signup` counts where neither is there."""
    if known is not None:
        return _blocked(known) or Decision(action=Action.SIGN_IN)
    if same_address is not None:
        return _link_or_ask(external, same_address, linking=linking)
    return _create(external, signup=signup)


def _refuse(cause_id: str, settings: Callable[[], Mapping[str, str]] = dict) -> Decision:
    told = settings()
    decided = [told[key] for key in TABLE[cause_id].settings if key in told]
    return Decision(action=Action.REFUSE, cause=cause(cause_id, **({SET_TO: ", ".join(decided)} if decided else {})))


def _blocked(account: AccountState) -> Decision | None:
    if account.status == "suspended":
        return _refuse("account.suspended")
    if account.status == "pending":
        return _refuse("account.pending")
    return None


def _link_or_ask(external: ExternalIdentity, found: SameAddress, *, linking: str) -> Decision:
    """Never by itself to staff: whoever may set a provider up, or answers for one, would become administrator."""
    account = found.account
    proven = external.email_verified is EmailVerified.TRUE
    staff = account.is_staff or account.is_superuser
    by_itself = proven and not staff and (linking == "verified_email" or _expected(external, found))
    # Whoever made an account with an address that is not theirs may have linked it here too. That goes with the rest.
    if found.other_subject and not (by_itself and not account.email_verified):
        return _refuse("linking.other_subject")
    if by_itself:
        # Only somebody who proved the address learns that the account is blocked.
        return _blocked(account) or Decision(
            action=Action.LINK,
            wipe_unverified=not account.email_verified,
            verified_by=VerifiedBy.PROVIDER,
            expected=found.expected,
        )
    if _expected(external, found) and account.status == "active":
        return Decision(action=Action.LINK, expected=True)
    if account.has_password and linking != "never":
        return Decision(action=Action.ASK_FOR_PASSWORD)
    return _refuse("linking.sign_in_first")


def _expected(external: ExternalIdentity, found: SameAddress) -> bool:
    """An import cannot know who really holds the address, so it opens nothing that belongs to staff."""
    staff = found.account.is_staff or found.account.is_superuser
    return found.expected and external.email_verified is not EmailVerified.FALSE and not staff


def _create(external: ExternalIdentity, *, signup: SignupRules) -> Decision:
    if external.email_verified is EmailVerified.FALSE:
        return _refuse("linking.email_not_verified")
    if not signup.open:
        return _refuse("signup.closed", signup.settings)
    if not signup.domain_allowed:
        return _refuse("signup.domain", signup.settings)
    proven = external.email_verified is EmailVerified.TRUE
    return Decision(
        action=Action.CREATE,
        verified_by=VerifiedBy.PROVIDER if proven else VerifiedBy.NOTHING,
        review=signup.review,
    )
