"""Why a call about pools is refused, apart from what Django REST framework itself says.

    PoolRefused
    |-- AuthorizationRefused   400  what `authorization` says can never work; `errors` names the member and the reason
    |-- PoolInUse              409  clients use the pool
    |-- PoolKindFixed          409  hosted and self-hosted do not change into each other
    |-- TooManyChanges         429  several calls changed the pool at the same moment, again and again
    |-- PoolNotHosted          409  only a hosted pool's tokens are issued here
    `-- SigningKeyLost         503  the pool's private key cannot be decrypted: the operator's to mend

What is wrong with a token is `fairlead.idtokens.errors.TokenRefused`.
"""

from django.utils.translation import gettext_noop

from fairlead.refusal import Refused


class PoolRefused(Refused):
    pass


class AuthorizationRefused(PoolRefused):
    """`member` is a member of `authorization`, named as in the request; `reason` may be shown."""

    cause_id = "pool.authorization"

    def __init__(self, member: str, reason: str) -> None:
        super().__init__(f"authorization.{member}: {reason}")
        self.errors = {"authorization": {member: [reason]}}
        self.facts = {"member": member, "detail": reason}


class PoolInUse(PoolRefused):
    code = "in_use"
    cause_id = "pool.in_use"
    detail = gettext_noop("SDK clients use this pool. Delete them first; their users are signed out by that.")


class PoolKindFixed(PoolRefused):
    code = "pool_kind_fixed"
    cause_id = "pool.kind_fixed"
    detail = gettext_noop("A hosted pool stays hosted, and one with its own keys keeps them. Make a new pool instead.")


class PoolNotHosted(PoolRefused):
    code = "pool_not_hosted"
    cause_id = "pool.not_hosted"
    detail = gettext_noop(
        "This pool's tokens come from its own issuer. Get them there; only a pool made without authorization "
        "issues them here."
    )


class TooManyChanges(PoolRefused):
    code = "throttled"
    cause_id = "pool.changes"
    detail = gettext_noop("Other calls are changing this pool at the same moment. Try again.")
    retry_after = 1


class SigningKeyLost(PoolRefused):
    code = "unavailable"
    detail = gettext_noop(
        "This pool's signing key cannot be used now: tell the operator. Tokens issued before still count."
    )
    retry_after = 60
