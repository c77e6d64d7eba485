"""A model field that is encrypted at rest.

Fernet with the keys of FAIRLEAD_ENCRYPTION_KEYS: the first encrypts, all decrypt, so that keys rotate without downtime.
A stored value that no key decrypts is an error. Handing it on as it stands would turn a lost key, or a row written
by hand, into a "secret" that is silently wrong. The error comes where the secret is read, not where its row is: the
other columns, and whatever needs only them, go on.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from fairlead.conf import conf


class DecryptionFailed(Exception):
    """A stored secret that none of FAIRLEAD_ENCRYPTION_KEYS decrypts."""


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    keys = tuple(conf().encryption_keys)
    if not keys:
        raise ImproperlyConfigured("FAIRLEAD_ENCRYPTION_KEYS is empty: nothing can be encrypted or decrypted.")
    return _cipher(keys)


def encrypt(plaintext: str) -> str:
    return cipher().encrypt(plaintext.encode()).decode()


def decrypt(stored: str) -> str:
    """Raises DecryptionFailed."""
    try:
        return cipher().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise DecryptionFailed(
            "A stored secret cannot be decrypted. Put the key it was written with back into FAIRLEAD_ENCRYPTION_KEYS."
        ) from None


@dataclass(frozen=True)
class _Stored:
    """A value as the database has it, which nobody has read yet."""

    ciphertext: str = field(repr=False)


class _DecryptedWhenRead(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, _Stored):
            value = instance.__dict__[self.field.attname] = decrypt(value.ciphertext)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # Without this method Python would look into the instance first, and never ask `__get__`.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that only this process can read; reading it raises DecryptionFailed where no key decrypts it.

    It cannot be searched: two encryptions of one text differ. A row that is saved with a secret which nobody has read
    keeps it as it stands.
    """

    descriptor_class = _DecryptedWhenRead

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        return value if isinstance(value, _Stored) else super().pre_save(model_instance, add)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, _Stored):
            return value.ciphertext
        value = super().get_prep_value(value)
        return value if value is None or value == "" else encrypt(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return value if value is None or value == "" else _Stored(value)

    def get_lookup(self, lookup_name: str) -> Any:
        # Only these two make sense; any other would compare against ciphertext and quietly find nothing.
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "in"} else None
