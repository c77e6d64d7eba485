"""Rows of any model that had their day two years ago."""

import uuid
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

from fairlead.web.models import OutgoingMail
from userpools.models import PoolSigningKey, UserPool

AGO = timedelta(days=730)
_numbers = count(1)
# What the tables' own constraints want together.
_FITTING: dict[type[models.Model], dict[str, Any]] = {
    OutgoingMail: {"message": None, "state": OutgoingMail.State.SENT},
    UserPool: {"jwks_uri": "https://issuer.example/keys"},
    PoolSigningKey: {"signs_from": timezone.now() - 2 * AGO},
}


def old_row(model: type[models.Model]) -> models.Model:
    """A row with a value in every field that needs one, each moment two years ago, and a row behind each foreign key."""
    fitting = _FITTING.get(model, {})
    values = {
        field.name: fitting.get(field.name, _value(field))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    }
    (row,) = model._base_manager.bulk_create([model(**values)])
    return row


def _value(field: models.Field) -> Any:
    if isinstance(field, models.ForeignKey):
        return None if field.null else old_row(field.related_model)
    if not isinstance(field, models.DateField) and (field.has_default() or field.blank):
        return field.get_default()
    if field.choices:
        return field.choices[0][0]
    number, moment = next(_numbers), timezone.now() - AGO
    # DateTimeField is a DateField too: the first that fits counts.
    fitting = {
        models.DateTimeField: moment,
        models.DateField: moment.date(),
        models.BooleanField: False,
        models.IntegerField: number,
        models.UUIDField: uuid.uuid4(),
        models.JSONField: {},
        models.EmailField: f"person-{number}@example.org",
    }
    return next((value for kind, value in fitting.items() if isinstance(field, kind)), f"{number}")
