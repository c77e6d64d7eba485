"""The keys of hosted pools: made, published, rotated, and used to sign.

Rotation has three acts, so that no verifier ever meets a key it has not seen: the next key is published LEAD before it
signs (longer than anybody keeps our key set); then it signs; the old key stays published until the last token that it
may have signed has expired.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from jwt.algorithms import ECAlgorithm

from fairlead import batches
from fairlead.audit.events import Event, record
from fairlead.credentials import secrets
from fairlead.credentials.fields import DecryptionFailed
from fairlead.idtokens import keys
from fairlead.idtokens.jwk import Key
from fairlead.memory import Memory, Stamp
from userpools.errors import SigningKeyLost
from userpools.models import PoolSigningKey, UserPool

log = logging.getLogger(__name__)

ALGORITHM = "ES256"
MAX_LIFETIME = timedelta(days=180)  # of the tokens that these keys sign
PUBLISHED_FOR = 300  # seconds that others may keep the published key set
LEAD = timedelta(hours=1)
LIFETIME = 10  # seconds that a process remembers a pool's keys
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class OwnKeys:
    """A hosted pool's published keys, for `verify`."""

    def __init__(self, public: list[dict[str, Any]]) -> None:
        self._key_set = keys.parse({"keys": public})
        self._version = " ".join(each["kid"] for each in public)

    def find(self, algorithm: str, kid: str | None) -> Key:
        return self._key_set.find(algorithm, kid)

    def refresh_after_failure(self, algorithm: str, kid: str | None, failed: Key) -> Key | None:
        return None

    def describe(self) -> str:
        return "this pool's own keys"

    def version(self) -> str:
        return self._version


class Signer(NamedTuple):
    """What signs a pool's tokens now."""

    kid: str
    private: ec.EllipticCurvePrivateKey


# Whatever is remembered of a pool's keys follows this.
changes = Stamp()
_verifying: Memory[object, OwnKeys] = Memory(seconds=LIFETIME, size=2_000, follows=(changes,))
_signing: Memory[object, Signer] = Memory(seconds=LIFETIME, size=2_000, follows=(changes,))


def make_first(pool: UserPool) -> PoolSigningKey:
    """The key that a new hosted pool begins with.

    It signs from the epoch: another machine, whose clock is behind ours, has to find a key that signs now.
    """
    return _make(pool, signs_from=_EPOCH)


def rotate(pool: UserPool, *, lead: timedelta = LEAD, actor: Model | None = None) -> PoolSigningKey:
    """Publish the next key of `pool`, which signs after `lead`. One that waits already is returned as it is."""
    now = timezone.now()
    with transaction.atomic():
        UserPool.objects.select_for_update().get(pk=pool.pk)
        waiting = PoolSigningKey.objects.filter(pool=pool, signs_from__gt=now).first()
        if waiting is not None:
            return waiting
        key = _make(pool, signs_from=now + lead)
        ends = key.signs_from + MAX_LIFETIME
        PoolSigningKey.objects.filter(pool=pool, published_until=None).exclude(pk=key.pk).update(published_until=ends)
        record(
            Event.POOL_KEYS_ROTATED, actor=actor, subject=pool, organization=pool.organization_id,
            kid=key.kid, signs_from=key.signs_from,
        )  # fmt: skip
        changes.changed(transaction.on_commit)
    return key


def forget_ended(now: datetime) -> int:
    """Delete keys whose last token has expired. Returns how many."""
    return batches.delete(PoolSigningKey.objects.filter(published_until__lte=now))


def published(pool_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    """The public keys of a hosted pool, as its key set lists them."""
    held = PoolSigningKey.objects.filter(Q(published_until=None) | Q(published_until__gt=now), pool=pool_id)
    # The public column alone: checking tokens must go on where the private one can no longer be decrypted.
    return list(held.order_by("-signs_from").values_list("public_jwk", flat=True))


def verifying(pool: UserPool, *, now: datetime) -> OwnKeys:
    """What this pool's own tokens are checked with."""
    return _verifying.look_up(pool.id, lambda: OwnKeys(published(pool.pk, now=now)))


def signer(pool: UserPool, *, now: datetime) -> Signer:
    """The kid and private key that sign at `now`. Raises SigningKeyLost where the encryption key is lost."""

    def load() -> Signer:
        row = PoolSigningKey.objects.filter(pool=pool, signs_from__lte=now).latest("signs_from")
        try:
            pem = row.private_pem.encode()
        except DecryptionFailed as error:
            log.error("signing key not readable", extra={"pool": str(pool.pk), "cause": str(error)})
            raise SigningKeyLost from None
        private: Any = serialization.load_pem_private_key(pem, password=None)
        return Signer(row.kid, private)

    return _signing.look_up(pool.id, load)


def _make(pool: UserPool, *, signs_from: datetime) -> PoolSigningKey:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kid = secrets.mint("key").digest[:32]
    public = {**ECAlgorithm.to_jwk(private.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": ALGORITHM}
    return PoolSigningKey.objects.create(
        pool=pool, kid=kid, private_pem=pem.decode(), public_jwk=public, signs_from=signs_from
    )
