"""The admin of this app. One module per page."""

from sdkclients.admin import clients, explain  # noqa: F401 - importing registers the pages
