"""The rules of "Who the person is", as a table."""

import pytest

from fairlead.causes import cause
from fairlead.people import AccountState, SignupRules
from fairlead.verified_by import VerifiedBy
from oidc_login.flow.claims import EmailVerified, ExternalIdentity
from oidc_login.flow.linking import Action, Decision, SameAddress, decide

TRUE, ABSENT, FALSE = EmailVerified.TRUE, EmailVerified.ABSENT, EmailVerified.FALSE
OPEN = SignupRules(open=True, review=False)
REVIEW = SignupRules(open=True, review=True)
CLOSED = SignupRules(open=False, review=False)
ELSEWHERE = SignupRules(open=True, review=False, domain_allowed=False)


def external(email_verified: EmailVerified) -> ExternalIdentity:
    return ExternalIdentity(
        issuer="https://op.example.org",
        subject="1",
        email="person@example.org",
        email_canonical="person@example.org",
        email_verified=email_verified,
        name="Person",
        picture="",
    )


def account(**changes: object) -> AccountState:
    facts = {
        "status": "active", "email": "person@example.org", "email_canonical": "person@example.org",
        "verified_by": VerifiedBy.LINK, "has_password": True, **changes,
    }  # fmt: skip
    return AccountState(**facts)  # type: ignore[arg-type]


def same(*, other_subject: bool = False, expected: bool = False, **changes: object) -> SameAddress:
    return SameAddress(account=account(**changes), other_subject=other_subject, expected=expected)


def refused(cause_id: str) -> Decision:
    return Decision(action=Action.REFUSE, cause=cause(cause_id))


SIGN_IN = Decision(action=Action.SIGN_IN)
LINK = Decision(action=Action.LINK, verified_by=VerifiedBy.PROVIDER)
WIPE = Decision(action=Action.LINK, verified_by=VerifiedBy.PROVIDER, wipe_unverified=True)
ASK = Decision(action=Action.ASK_FOR_PASSWORD)
EXPECTED = Decision(action=Action.LINK, expected=True)
EXPECTED_AND_PROVEN = Decision(action=Action.LINK, expected=True, verified_by=VerifiedBy.PROVIDER)
NEW = Decision(action=Action.CREATE, verified_by=VerifiedBy.PROVIDER)
CASES = [
    # rule 1: the identity is known; nothing else matters but the account's status
    ("known", TRUE, account(), None, "verified_email", OPEN, SIGN_IN),
    ("known, address not proven", FALSE, account(), None, "never", CLOSED, SIGN_IN),
    ("known and suspended", TRUE, account(status="suspended"), None, "verified_email", OPEN,
     refused("account.suspended")),
    ("known and pending", TRUE, account(status="pending"), None, "verified_email", OPEN, refused("account.pending")),
    # rule 2: somebody has the address
    ("proven", TRUE, None, same(), "verified_email", OPEN, LINK),
    ("proven, account without password", TRUE, None, same(has_password=False), "verified_email", OPEN, LINK),
    ("proven, account typed", TRUE, None, same(verified_by=VerifiedBy.TYPED), "verified_email", OPEN, LINK),
    ("proven, account never was", TRUE, None, same(verified_by=VerifiedBy.NOTHING), "verified_email", OPEN, WIPE),
    ("proven, staff", TRUE, None, same(is_staff=True), "verified_email", OPEN, ASK),
    ("proven, superuser", TRUE, None, same(is_superuser=True), "verified_email", OPEN, ASK),
    ("proven, superuser that never was, no password", TRUE, None,
     same(is_superuser=True, has_password=False, verified_by=VerifiedBy.NOTHING), "verified_email", OPEN,
     refused("linking.sign_in_first")),
    ("expected, proven, staff", TRUE, None, same(expected=True, is_staff=True), "verified_email", OPEN, ASK),
    ("linked to another subject", TRUE, None, same(other_subject=True), "verified_email", OPEN,
     refused("linking.other_subject")),
    ("linked to another subject, account never was", TRUE, None,
     same(other_subject=True, verified_by=VerifiedBy.NOTHING), "verified_email", OPEN, WIPE),
    ("linked to another subject, account never was, nor is it now", FALSE, None,
     same(other_subject=True, verified_by=VerifiedBy.NOTHING), "verified_email", OPEN,
     refused("linking.other_subject")),
    ("linked to another subject, account never was, confirm", TRUE, None,
     same(other_subject=True, verified_by=VerifiedBy.NOTHING), "confirm", OPEN, refused("linking.other_subject")),
    ("linked to another subject, staff that never was", TRUE, None,
     same(other_subject=True, is_staff=True, verified_by=VerifiedBy.NOTHING), "verified_email", OPEN,
     refused("linking.other_subject")),
    ("linked to another subject, not proven", FALSE, None, same(other_subject=True), "confirm", OPEN,
     refused("linking.other_subject")),
    ("linked to another subject, expected", TRUE, None, same(other_subject=True, expected=True), "verified_email", OPEN,
     refused("linking.other_subject")),
    ("proven, but suspended", TRUE, None, same(status="suspended"), "verified_email", OPEN,
     refused("account.suspended")),
    ("proven, but pending", TRUE, None, same(status="pending"), "verified_email", OPEN, refused("account.pending")),
    ("unsaid", ABSENT, None, same(), "verified_email", OPEN, ASK),
    ("not proven", FALSE, None, same(), "verified_email", OPEN, ASK),
    ("not proven, suspended: whoever asks learns nothing", FALSE, None, same(status="suspended"), "verified_email", OPEN,
     ASK),
    ("not proven, no password", FALSE, None, same(has_password=False), "verified_email", OPEN,
     refused("linking.sign_in_first")),
    ("proven, confirm", TRUE, None, same(), "confirm", OPEN, ASK),
    ("proven, confirm, no password", TRUE, None, same(has_password=False), "confirm", OPEN,
     refused("linking.sign_in_first")),
    ("proven, never", TRUE, None, same(), "never", OPEN, refused("linking.sign_in_first")),
    # an import expects somebody of this issuer with this address
    ("expected, unsaid", ABSENT, None, same(expected=True), "verified_email", OPEN, EXPECTED),
    ("expected, unsaid, no password", ABSENT, None, same(expected=True, has_password=False), "never", CLOSED, EXPECTED),
    ("expected, proven", TRUE, None, same(expected=True), "confirm", OPEN, EXPECTED_AND_PROVEN),
    ("expected, the flag is there and not true", FALSE, None, same(expected=True), "verified_email", OPEN, ASK),
    ("expected, staff, unsaid", ABSENT, None, same(expected=True, is_staff=True), "verified_email", OPEN, ASK),
    ("expected, superuser, unsaid", ABSENT, None, same(expected=True, is_superuser=True), "verified_email", OPEN, ASK),
    ("expected, staff, proven, confirm", TRUE, None, same(expected=True, is_staff=True), "confirm", OPEN, ASK),
    ("expected, unsaid, suspended: whoever asks learns nothing", ABSENT, None, same(expected=True, status="suspended"),
     "verified_email", OPEN, ASK),
    ("expected, unsaid, account never verified: nothing is proven, nothing goes", ABSENT, None,
     same(expected=True, verified_by=VerifiedBy.NOTHING), "verified_email", OPEN, EXPECTED),
    # rule 3 and 4: nobody has it
    ("new, proven", TRUE, None, None, "verified_email", OPEN, NEW),
    ("new, unsaid", ABSENT, None, None, "verified_email", OPEN, Decision(action=Action.CREATE)),
    ("new, not proven", FALSE, None, None, "verified_email", OPEN, refused("linking.email_not_verified")),
    ("new under review", TRUE, None, None, "verified_email", REVIEW,
     Decision(action=Action.CREATE, verified_by=VerifiedBy.PROVIDER, review=True)),
    ("new, closed", TRUE, None, None, "verified_email", CLOSED, refused("signup.closed")),
    ("new, foreign domain", TRUE, None, None, "verified_email", ELSEWHERE, refused("signup.domain")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("email_verified", "known", "same_address", "linking", "signup", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_decision(email_verified, known, same_address, linking, signup, expected):
    person = external(email_verified)
    assert decide(person, known=known, same_address=same_address, linking=linking, signup=signup) == expected
