"""The mail backend of an installation that has none: says so, and keeps what the mail said to itself.

Printing mails is for `make run`. In production the console is a log, and a mailed link in a log is a key under the mat.
"""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)
NOT_CONFIGURED = "config.mail.NotConfiguredBackend"


class NotConfiguredBackend(BaseEmailBackend):
    """Sends nothing. Each attempt leaves a warning that names the setting."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        log.warning("mail not sent: EMAIL_URL is not set, so nobody can confirm an address or reset a password")
        return 0
