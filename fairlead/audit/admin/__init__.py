"""The record in the administration."""

from fairlead.audit.admin import events, refusals  # noqa: F401 - each registers its pages
