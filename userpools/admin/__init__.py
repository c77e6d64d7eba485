"""The admin of this app. One module per page."""

from userpools.admin import app_users, pools  # noqa: F401 - importing registers the pages
