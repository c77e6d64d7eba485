"""Writing every stored secret anew with the first encryption key, so that older keys can be retired.

Which columns those are is derived: every EncryptedTextField of every installed model, a host's too. A row is written
only if it still holds what was read, so that nothing saved meanwhile is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.db.models import Model, TextField
from django.db.models.functions import Cast

from fairlead.conf import conf
from fairlead.credentials.fields import DecryptionFailed, EncryptedTextField, decrypt

ROWS = 500


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of one column, in rows."""

    anew: int = 0
    current: int = 0
    lost: tuple[Any, ...] = ()
    """Primary keys of rows that no key decrypts."""


def columns() -> Iterator[tuple[type[Model], EncryptedTextField]]:
    """Every encrypted column there is."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def write_anew(model: type[Model], field: EncryptedTextField, *, at_once: int = ROWS) -> Written:
    """Encrypt this column with the first key, row by row, each in a transaction of its own."""
    first = Fernet(conf().encryption_keys[0])
    stored = Cast(field.name, TextField())
    rows = model._base_manager.annotate(as_stored=stored).exclude(as_stored="").order_by("pk")
    anew, current, lost = 0, 0, []
    after: Any = None
    while lot := list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", "as_stored")[:at_once]):
        after = lot[-1][0]
        for key, ciphertext in lot:
            if ciphertext is None or _is_by(first, ciphertext):
                current += ciphertext is not None
                continue
            try:
                plaintext = decrypt(ciphertext)
            except DecryptionFailed:
                lost.append(key)
                continue
            unchanged = model._base_manager.annotate(as_stored=stored).filter(pk=key, as_stored=ciphertext)
            anew += unchanged.update(**{field.name: plaintext})
    return Written(anew=anew, current=current, lost=tuple(lost))


def _is_by(key: Fernet, ciphertext: str) -> bool:
    try:
        key.decrypt(ciphertext.encode())
    except InvalidToken:
        return False
    return True
