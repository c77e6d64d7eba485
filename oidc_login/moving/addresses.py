"""People who signed in with mozilla-django-oidc, which keeps no subject: they are known by their address alone.

Each becomes an expected identity: the first sign-in with that address at that issuer, within 90 days, is linked to the
account, once. Administrators are left out: an address alone must never open their account.
"""

from collections import Counter

from django.contrib.auth import get_user_model

from fairlead.email_address import InvalidAddress
from fairlead.people import people
from oidc_login.moving import plan
from oidc_login.moving.plan import Row
from oidc_login.providers import ProviderConfig


def rows(provider: ProviderConfig) -> list[Row]:
    """A row for every account of this project."""
    users = list(get_user_model()._default_manager.order_by("pk"))
    canonical = {user.pk: _canonical(getattr(user, user.get_email_field_name(), "") or "") for user in users}
    often = Counter(canonical.values())
    found = []
    for user in users:
        source, address = f"account {user.pk}", canonical[user.pk]
        state = people().state(user)
        reason = ""
        if not address:
            reason = "it has no e-mail address that can be one"
        elif often[address] > 1:
            reason = "other accounts have the same address"
        elif state.is_staff or state.is_superuser:
            reason = "administrators link from their account, or by manage.py signin_link"
        elif state.status != "active":
            reason = f"the account is {state.status}"
        if reason:
            found.append(Row(source=source, user=user, provider=provider, address=address, reason=reason))
        else:
            found.append(plan.for_address(source=source, user=user, provider=provider, address=address))
    return found


def _canonical(email: str) -> str:
    try:
        return people().canonical(email)
    except InvalidAddress:
        return ""
