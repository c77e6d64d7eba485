"""Stored secrets: which encryption key each needs, and which none decrypts. Nothing decrypted is kept."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db.models import Model, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from fairlead import named_settings
from fairlead.conf import conf
from fairlead.credentials import reencryption
from fairlead.credentials.fields import EncryptedTextField
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem

ROWS = 5_000  # of one column; more are not looked at: 50 microseconds each


def look(asked: Asked) -> Iterator[Finding]:
    keys = [Fernet(key) for key in conf().encryption_keys]
    by_key: Counter[int] = Counter()
    for model, field in reencryption.columns():
        counted, lost, more = _column(model, field, keys)
        by_key += counted
        if lost:
            yield _lost(model, field, lost)
        if more:
            yield note(
                _named(model, field),
                gettext("More than {rows}: the others were not looked at.").format(rows=ROWS),
                gettext("python manage.py reencrypt looks at all of them."),
            )
    yield _summary(by_key, len(keys))


def _column(model: type[Model], field: EncryptedTextField, keys: list[Fernet]) -> tuple[Counter[int], list[Any], bool]:
    """How many rows each key decrypts, by its place; primary keys of those that none does; whether there are more."""
    rows = model._base_manager.annotate(as_stored=Cast(field.name, TextField())).exclude(as_stored="")
    counted: Counter[int] = Counter()
    lost = []
    seen = list(rows.exclude(as_stored=None).order_by("pk").values_list("pk", "as_stored")[: ROWS + 1])
    for key, ciphertext in seen[:ROWS]:
        place = next((place for place, each in enumerate(keys) if _decrypts(each, ciphertext)), None)
        if place is None:
            lost.append(key)
        else:
            counted[place] += 1
    return counted, lost, len(seen) > ROWS


def _decrypts(key: Fernet, ciphertext: str) -> bool:
    try:
        key.decrypt(ciphertext.encode())
    except InvalidToken:
        return False
    return True


def _lost(model: type[Model], field: EncryptedTextField, lost: list[Any]) -> Finding:
    shown = ", ".join(str(each) for each in lost[:5])
    return problem(
        _named(model, field),
        gettext("{count} cannot be decrypted (rows {shown}).").format(count=len(lost), shown=shown),
        gettext("Put the key that they were written with back into {setting}, or enter them anew in the admin.").format(
            setting=named_settings.setting("ENCRYPTION_KEYS")
        ),
        why=gettext("Whatever needs them does not work: such a provider is not offered, such a mail is given up."),
    )


def _summary(by_key: Counter[int], keys: int) -> Finding:
    counts = ", ".join(
        gettext("key {place}: {count}").format(place=place + 1, count=by_key[place]) for place in range(keys)
    )
    text = gettext("Decrypted by {counts}.").format(counts=counts)
    if any(by_key[place] for place in range(1, keys)):
        return note(
            gettext("Encryption keys"),
            text,
            gettext("Run python manage.py reencrypt before a key is taken out of {setting}.").format(
                setting=named_settings.setting("ENCRYPTION_KEYS")
            ),
        )
    return good(gettext("Encryption keys"), text)


def _named(model: type[Model], field: EncryptedTextField) -> str:
    return f"{model._meta.label}.{field.name}"
