"""What a host project may want to know. Told after commit, each receiver for itself: none can stop or undo anything.

    from fairlead.signals import signed_in

    @receiver(signed_in)
    def greet(sender, user, request, provider, **_): ...

Beside each stands the audit record; what must not be forgotten is in neither (see people_rows).
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

# user, request, provider (its id, empty for a password or a link)
signed_in = Signal()
# user, request, issuer
linked = Signal()
# user, request, issuer
unlinked = Signal()
# cause, request
refused = Signal()
# app_user, new (seen for the first time); at most once a day for each
app_user_seen = Signal()
# user, organization
member_joined = Signal()
# user, organization
member_left = Signal()


def tell(signal: Signal, *, sender: Any, **facts: Any) -> None:
    """Send once what is under way is committed, at once where nothing is. A receiver's error is logged, no more."""
    transaction.on_commit(partial(signal.send_robust, sender=sender, **facts), robust=True)
