"""From where an account was used before, by the record of its sign-ins."""

from django.http import HttpRequest

from accounts.models import User
from fairlead import client
from fairlead.audit.events import Event
from fairlead.audit.models import AuditEvent

_SIGN_INS = 50  # how many of the last are looked at


def used(canonical: str, *, request: HttpRequest) -> bool:
    """Whether the account with this address was signed in to from the network of this request."""
    key = User.objects.filter(email_canonical=canonical).values_list("pk", flat=True).first()
    signed_in = AuditEvent.objects.filter(event=Event.SIGNED_IN, actor_id=str(key)).values_list("address", flat=True)
    return client.network(request) in {client.network_of(each) for each in signed_in[:_SIGN_INS] if each}
