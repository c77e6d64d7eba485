"""Sign-ins, counted at their doors: by method, provider, outcome and code."""

from collections.abc import Iterator
from contextlib import contextmanager

from fairlead import metrics
from fairlead.refusal import Refused


@contextmanager
def counted(method: str, *, provider: str = "") -> Iterator[None]:
    """Around all that decides whether somebody comes in. `provider` is a slug of the instance's."""
    try:
        yield
    except Refused as refused:
        metrics.count_sign_in(method, provider=provider, code=str(refused.code))
        raise
    metrics.count_sign_in(method, provider=provider)
