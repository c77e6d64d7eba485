"""The rules of "Who the person is", as a table."""

import pytest

from oidc_login.codes import Code
from oidc_login.flow.claims import PersonClaims, Proof
from oidc_login.flow.facts import Account, Signup
from oidc_login.flow.linking import Action, Decision, decide

OPEN = Signup(open=True, review=False)
REVIEW = Signup(open=True, review=True)
CLOSED = Signup(open=False, review=False)
ELSEWHERE = Signup(open=True, review=False, domain_allowed=False)


def person(proof: Proof = Proof.PROVEN) -> PersonClaims:
    return PersonClaims(
        issuer="https://op.example.org",
        subject="1",
        email="person@example.org",
        email_canonical="person@example.org",
        proof=proof,
        name="Person",
        picture="",
    )


def account(**changes: object) -> Account:
    facts = {"status": "active", "email_verified": True, "has_password": True, **changes}
    return Account(**facts)  # type: ignore[arg-type]


def refused(code: Code) -> Decision:
    return Decision(action=Action.REFUSE, code=code)


LINK = Decision(action=Action.LINK, email_verified=True)
TAKE_OVER = Decision(action=Action.LINK, email_verified=True, drop_holdings=True)
ASK = Decision(action=Action.ASK_FOR_PASSWORD)
CASES = [
    # rule 1: the identity is known; nothing else matters but the account's status
    ("known", Proof.PROVEN, account(), None, "verified_email", OPEN, Decision(action=Action.SIGN_IN)),
    ("known, address not proven", Proof.NOT_PROVEN, account(), None, "never", CLOSED, Decision(action=Action.SIGN_IN)),
    ("known and suspended", Proof.PROVEN, account(status="suspended"), None, "verified_email", OPEN,
     refused(Code.ACCOUNT_SUSPENDED)),
    ("known and pending", Proof.PROVEN, account(status="pending"), None, "verified_email", OPEN,
     refused(Code.ACCOUNT_PENDING)),
    # rule 2: somebody has the address
    ("proven", Proof.PROVEN, None, account(), "verified_email", OPEN, LINK),
    ("proven, account without password", Proof.PROVEN, None, account(has_password=False), "verified_email", OPEN, LINK),
    ("proven, account never was", Proof.PROVEN, None, account(email_verified=False), "verified_email", OPEN, TAKE_OVER),
    ("linked to another subject", Proof.PROVEN, None, account(linked_at_issuer=True), "verified_email", OPEN,
     refused(Code.EMAIL_ALREADY_LINKED)),
    ("linked to another subject, not proven", Proof.NOT_PROVEN, None, account(linked_at_issuer=True), "confirm", OPEN,
     refused(Code.EMAIL_ALREADY_LINKED)),
    ("proven, but suspended", Proof.PROVEN, None, account(status="suspended"), "verified_email", OPEN,
     refused(Code.ACCOUNT_SUSPENDED)),
    ("proven, but pending", Proof.PROVEN, None, account(status="pending"), "verified_email", OPEN,
     refused(Code.ACCOUNT_PENDING)),
    ("unsaid", Proof.UNSAID, None, account(), "verified_email", OPEN, ASK),
    ("not proven", Proof.NOT_PROVEN, None, account(), "verified_email", OPEN, ASK),
    ("not proven, suspended: a stranger learns nothing", Proof.NOT_PROVEN, None, account(status="suspended"),
     "verified_email", OPEN, ASK),
    ("not proven, no password", Proof.NOT_PROVEN, None, account(has_password=False), "verified_email", OPEN,
     refused(Code.LINK_REQUIRES_SIGN_IN)),
    ("proven, confirm", Proof.PROVEN, None, account(), "confirm", OPEN, ASK),
    ("proven, confirm, no password", Proof.PROVEN, None, account(has_password=False), "confirm", OPEN,
     refused(Code.LINK_REQUIRES_SIGN_IN)),
    ("proven, never", Proof.PROVEN, None, account(), "never", OPEN, refused(Code.LINK_REQUIRES_SIGN_IN)),
    # rule 3 and 4: nobody has it
    ("new, proven", Proof.PROVEN, None, None, "verified_email", OPEN, Decision(action=Action.CREATE, email_verified=True)),
    ("new, unsaid", Proof.UNSAID, None, None, "verified_email", OPEN, Decision(action=Action.CREATE)),
    ("new, not proven", Proof.NOT_PROVEN, None, None, "verified_email", OPEN, refused(Code.EMAIL_NOT_VERIFIED)),
    ("new under review", Proof.PROVEN, None, None, "verified_email", REVIEW,
     Decision(action=Action.CREATE, email_verified=True, review=True)),
    ("new, closed", Proof.PROVEN, None, None, "verified_email", CLOSED, refused(Code.SIGNUP_DISABLED)),
    ("new, foreign domain", Proof.PROVEN, None, None, "verified_email", ELSEWHERE, refused(Code.SIGNUP_DISABLED)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("proof", "known", "same_email", "linking", "signup", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_decision(proof, known, same_email, linking, signup, expected):
    assert decide(person(proof), known=known, same_email=same_email, linking=linking, signup=signup) == expected
