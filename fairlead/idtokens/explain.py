"""Words for the steps that passed: what a Trace shows beside the faults. Judges nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from fairlead.idtokens.compact import Compact
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.trace import StepName, Trace


def complete(trace: Trace, token: Compact, *, policy: Policy, now: float) -> None:
    """Add every step without a fault, with what was seen, and put all into the order of StepName."""
    noted = {step.name for step in trace.steps}
    claims, header = token.unverified_claims, token.header
    # Made only for steps without a fault: the words below rely on what those steps have checked.
    words: dict[StepName, Callable[[], str]] = {
        StepName.FORMAT: lambda: f"Three parts, {len(token.signing_input) + len(token.signature)} bytes.",
        StepName.TYPE: lambda: f"typ is {_shown(header.typ)}.",
        StepName.ALGORITHM: lambda: f"alg is {header.algorithm}, which is accepted here.",
        StepName.ISSUER: lambda: _issuer(claims, policy),
        StepName.AUDIENCE: lambda: _audience(claims, policy),
        StepName.TIMES: lambda: _times(claims, policy, now),
        StepName.CLAIMS: lambda: f"Present: {', '.join(sorted(claims))[:500]}.",
    }
    for name, text in words.items():
        if name not in noted:
            trace.ok(name, text())
    order = list(StepName)
    trace.steps.sort(key=lambda step: order.index(step.name))


def _issuer(claims: Mapping[str, Any], policy: Policy) -> str:
    if policy.issuer is None:
        return f"iss is {_shown(claims.get('iss'))}; none is configured, so it is not compared."
    return f"iss is {_shown(claims.get('iss'))}, as configured."


def _audience(claims: Mapping[str, Any], policy: Policy) -> str:
    if policy.audiences is None:
        return f"aud is {_shown(claims.get('aud'))}; none is configured, so it is not compared."
    return f"aud is {_shown(claims.get('aud'))}, which names us."


def _times(claims: Mapping[str, Any], policy: Policy, now: float) -> str:
    parts = []
    for name in ("iat", "nbf", "exp"):
        if name in claims:
            ahead = claims[name] - now
            parts.append(f"{name} is {abs(ahead):.0f} s {'ahead' if ahead > 0 else 'past'}")
    return f"{', '.join(parts)}; {policy.leeway:.0f} s of difference are allowed."


def _shown(value: object) -> str:
    return "absent" if value is None else repr(value)[:200]
