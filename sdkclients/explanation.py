"""Explaining a token: the same code that checks it, run with a Trace, in words for somebody who does not know JWTs.

Nothing of the token is stored or logged. Steps come in the order in which a reader needs them: the pool, the token, the
user, the verdict, each with what to change to make it pass.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fairlead.idtokens.errors import KeysUnavailable, TokenRefused
from fairlead.idtokens.trace import Trace
from sdkclients.identity import Caller
from sdkclients.models import SdkClient
from userpools import app_users, id_claim
from userpools.identity import believed
from userpools.models import UserPool


@dataclass(frozen=True, slots=True)
class Explanation:
    """`caller` where the token is good, else `refusal`."""

    caller: Caller | None
    refusal: TokenRefused | KeysUnavailable | None
    steps: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question about a token and what came of it, for a page."""

    question: str
    outcome: str
    words: str
    text: str
    remedy: str | None


def for_people(pool: UserPool, client: SdkClient | None, raw_token: str, *, now: datetime) -> list[Answered]:
    """The steps as questions and answers, the verdict first. Makes no user."""
    found = explain(pool, client, raw_token, now=now, make_user=False)
    steps = [found.steps[-1], *found.steps[:-1]]
    return [
        Answered(
            question=gettext(_QUESTIONS[step["name"]]),
            outcome=step["outcome"],
            words=gettext(_WORDS[step["outcome"]]),
            text=step["text"],
            remedy=step["remedy"],
        )
        for step in steps
    ]


_WORDS = {"ok": _("Passed"), "failed": _("Failed"), "skipped": _("Not looked at")}
_QUESTIONS = {
    "verdict": _("Is the token accepted?"),
    "pool": _("Whose rules apply?"),
    "format": _("Is it a token at all? A token has three parts with dots between."),
    "type": _("Is it an ID token? An access token says what somebody may do, not who it is."),
    "algorithm": _("Is it signed in a way that this pool accepts?"),
    "issuer": _("Does it come from the right issuer?"),
    "audience": _("Was it made for this application?"),
    "times": _("Is it valid now?"),
    "claims": _("Does it say all that is needed?"),
    "key": _("Do we have the issuer's key that it was signed with?"),
    "signature": _("Is the signature genuine? If not, somebody changed or invented the token."),
    "idClaim": _("Whom does it name?"),
    "user": _("May this user come in?"),
}


def explain(
    pool: UserPool, client: SdkClient | None, raw_token: str, *, now: datetime, make_user: bool = True
) -> Explanation:
    """Every step of checking this token in this pool. A user who is named for the first time gets a row, as always,
    unless `make_user` is false; then there is no `caller` for such a one."""
    trace, caller, refusal = Trace(), None, None
    steps = [_step("pool", "ok", _rules(pool, client))]
    try:
        token = believed(pool, raw_token, now=now, trace=trace)
        steps += _of_trace(trace)
        external_id = id_claim.read(token, id_claim=pool.id_claim)
        steps.append(
            _step(
                "idClaim",
                "ok",
                gettext("{id_claim} is {external_id!r}: the user's id in this pool.").format(
                    id_claim=pool.id_claim, external_id=external_id
                ),
            )
        )
        user = app_users.of(pool, external_id) if make_user else app_users.fresh(pool, external_id)
        if user is None:
            steps.append(_step("user", "ok", gettext("Not seen here yet: the first accepted call makes the user.")))
        else:
            app_users.check(user, token)
            steps.append(
                _step(
                    "user", "ok", gettext("Known here as {pk}; not blocked, the token not revoked.").format(pk=user.pk)
                )
            )
            caller = Caller(user, token, pool, client)
    except (TokenRefused, KeysUnavailable) as error:
        refusal = error
        steps = _completed(steps, trace, error)
    steps.append(_verdict(refusal))
    return Explanation(caller, refusal, steps)


def _completed(
    steps: list[dict[str, Any]], trace: Trace, error: TokenRefused | KeysUnavailable
) -> list[dict[str, Any]]:
    """The steps so far, and what did not take place."""
    names = [step["name"] for step in steps]
    if len(steps) == 1:
        steps = [*steps, *_of_trace(trace)]
        later = ["idClaim", "user"]
    else:
        failed = "user" if "idClaim" in names else "idClaim"
        steps = [
            *steps,
            _step(
                failed,
                "failed",
                error.detail,
                code=str(error.code),
                remedy=gettext(_REMEDIES.get(error.code, "")) or None,
            ),
        ]
        later = [] if failed == "user" else ["user"]
    return steps + [
        _step(name, "skipped", gettext("The token is not believed, so this was not looked at.")) for name in later
    ]


_REMEDIES = {
    "missing_claim": _("Have the issuer add the claim, or set idClaim to one that the token has."),
    "malformed": _("Set idClaim to a claim that holds a plain id."),
    "email_unverified": _("The person verifies the address at the issuer; or identify users by sub."),
    "blocked": _("Unblock the user in the admin."),
    "revoked": _("Get a fresh token."),
}


def _verdict(refusal: TokenRefused | KeysUnavailable | None) -> dict[str, Any]:
    if refusal is None:
        return _step("verdict", "ok", gettext("The token is accepted."))
    return _step(
        "verdict",
        "failed",
        gettext("The token is refused: {detail}").format(detail=refusal.detail),
        code=str(refusal.code),
    )


def _rules(pool: UserPool, client: SdkClient | None) -> str:
    if client:
        through = gettext("Client {client!r} uses pool {pool!r}.").format(client=client.name, pool=pool.name)
    else:
        through = gettext("Pool {pool!r}.").format(pool=pool.name)
    if pool.hosted:
        return " ".join([through, gettext("It is hosted: its tokens are issued and checked here.")])
    return " ".join([through, gettext("Its users are identified by {claim}.").format(claim=pool.id_claim)])


def _of_trace(trace: Trace) -> list[dict[str, Any]]:
    return [
        _step(str(step.name), str(step.outcome), step.text, code=step.code, remedy=step.remedy) for step in trace.steps
    ]


def _step(name: str, outcome: str, text: str, *, code: str | None = None, remedy: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "outcome": outcome,
        "text": text,
        "code": None if code is None else str(code),
        "remedy": remedy,
    }
