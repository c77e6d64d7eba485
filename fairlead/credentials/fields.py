"""A model field that is encrypted at rest.

Fernet with the keys of FAIRLEAD_ENCRYPTION_KEYS: the first encrypts, all decrypt, so that keys rotate without downtime.
A stored value that no key decrypts is an error. Handing it on as it stands would turn a lost key, or a row written
by hand, into a "secret" that is silently wrong.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.core.exceptions import ImproperlyConfigured
from django.db import models

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


class EncryptedTextField(models.TextField):
    """Text that only this process can read. It cannot be searched: two encryptions of one text differ."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None or value == "" else encrypt(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None or value == "" else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        # Only these two make sense; any other would compare against ciphertext and quietly find nothing.
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "in"} else None
