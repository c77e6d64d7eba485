"""From requests per second to the rows of the targets."""

from collections.abc import Mapping

from bench.results import Row
from bench.served.rounds import Measured, ratio

# Part of the target: whose requests per second are divided by whose.
RATIOS = {
    "T14.served": ("Fairlead refresh", "simplejwt refresh"),
    "T17.served": ("Fairlead /livez", "bare Django"),
    "T18.seen": ("Fairlead app user, seen", "simplejwt stateless"),
    "T18.new": ("Fairlead app user, new", "simplejwt stateless"),
    "T18.new.oidc": ("Fairlead app user, new", "drf-oidc-auth"),
    "T19.served": ("Fairlead /api/auth/me", "simplejwt with user"),
    "T20.served": ("Fairlead API key, 50 pools", "knox"),
}


def of(measured: Mapping[str, Measured]) -> list[Row]:
    """The rows whose calls are both there."""
    return [
        _row(part, ours, theirs, measured)
        for part, (ours, theirs) in RATIOS.items()
        if ours in measured and theirs in measured
    ]


def _row(part: str, ours: str, theirs: str, measured: Mapping[str, Measured]) -> Row:
    found, spread = ratio(measured[ours], measured[theirs])
    mine, other = measured[ours].per_second, measured[theirs].per_second
    return Row(
        part=part,
        measured=found,
        spread=spread,
        peers={f"{theirs}, requests a second": other},
        note=f"{ours}: {mine:.0f} requests a second",
    )
