"""Rows of a table in the administration whose "delete" box says what it deletes: the stock box has no name at all.

A column heading tells those who see it. A screen reader would read "checkbox, not checked", once for every row.
"""

from typing import Any

from django.forms import BaseInlineFormSet, ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext


class NamedRows(BaseInlineFormSet):
    model: Any

    @classmethod
    def get_default_prefix(cls) -> str:
        """Django takes the name of the way back from the person, and there is none: `related_name="+"`."""
        return str(cls.model._meta.model_name)

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        row = form.instance
        # Without an index it is the empty row that scripts copy: its instance has no words for itself yet.
        if index is not None and DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = gettext("Delete {row}").format(row=row)
