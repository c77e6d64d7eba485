"""Columns that follow from another one of the same row. Filled on the way to the database, so bulk_create is covered.

`QuerySet.update` and `save(update_fields=...)` write only what they name: whoever names the source names these too.
"""

from typing import Any

from django.db import models

from fairlead import email_address


class CanonicalEmailField(models.CharField):
    """The canonical form of the row's `email`."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = email_address.canonical(model_instance.email)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value


class ActiveField(models.BooleanField):
    """True while the row's `status` is active. A column, because Django filters people by it in SQL."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.status == "active"  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value
