"""Why an app user's call is refused before the token is looked at.

    ClientRefused
    |-- CredentialsMissing   401  there is no bearer token, and the view wants one
    |-- UnknownClient        401  no application client has this id here, or its organization is disabled
    |   `-- NotAccepted      401  it is there, and the view is for others' users
    `-- ClientRequired       400  no client is named, and the token is not one of a hosted pool

    Unexplained              503  the issuer's keys cannot be had, so there is no verdict; carries the steps so far

What is wrong with a token is `fairlead.idtokens.errors.TokenRefused`.
"""

from typing import Any

from django.utils.translation import gettext_noop

from fairlead.idtokens.errors import KeysUnavailable
from fairlead.refusal import Refused, Whose
from sdkclients.models import SdkClient
from userpools.models import UserPool


class ClientRefused(Refused):
    code = "unknown_client"
    detail = gettext_noop(
        "No application client has this id. Send the id of an SDK client of kind application in X-Client-Id."
    )


class CredentialsMissing(ClientRefused):
    code = "not_authenticated"
    cause_id = "call.no_credential"
    detail = gettext_noop("Send a valid credential in the header Authorization: Bearer.")


class UnknownClient(ClientRefused):
    cause_id = "client.unknown"


class NotAccepted(UnknownClient):
    """The client is there, and the view is not for its users. The caller is told the same."""

    cause_id = "client.not_accepted"

    def __init__(self, pool: UserPool, client: SdkClient | None) -> None:
        super().__init__()
        self.whose = Whose(organization=pool.organization_id, pool=pool.pk, client=client.pk if client else None)


class ClientRequired(ClientRefused):
    code = "client_required"
    cause_id = "client.not_named"
    detail = gettext_noop(
        "Name the SDK client in the X-Client-Id header. Only a token that a hosted pool issued needs none."
    )


class Unexplained(KeysUnavailable):
    """An explanation that ends in an outage: the problem document carries its steps."""

    def __init__(self, outage: KeysUnavailable, *, steps: list[dict[str, Any]]) -> None:
        super().__init__(outage.detail, retry_after=outage.retry_after)
        self.members = {"active": False, "steps": steps}
