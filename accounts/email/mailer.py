"""Mails to people: written from a template, handed over after commit, sent beside the request.

Beside, because a mail server's time would tell who has an account here. A mail that cannot be sent is logged once and
fails nobody's request: the person can ask again.
"""

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from fairlead.conf import conf

log = logging.getLogger(__name__)
_pool: ThreadPoolExecutor | None = None


def send(template: str, *, to: str, **context: Any) -> None:
    """Send `accounts/mails/{template}.txt` to one address, after commit. Its first line is the subject."""
    text = render_to_string(f"accounts/mails/{template}.txt", {**context, "site": conf().origin})
    subject, _, body = text.strip().partition("\n")
    message = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to])
    transaction.on_commit(lambda: _hand_over(message, template))


def link_to(name: str, **query: str) -> str:
    """The whole address of a page of ours, for a mail."""
    return f"{conf().origin}{reverse(name)}?{urlencode(query)}"


def _hand_over(message: EmailMessage, template: str) -> None:
    if conf().mail_in_background:
        _sender().submit(_deliver, message, template).add_done_callback(_report)
    else:
        _deliver(message, template)


def _deliver(message: EmailMessage, template: str) -> None:
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:
        # ValueError: an address or header that the mail library cannot write.
        log.error("mail not sent", extra={"template": template, "cause": type(error).__name__})


def _report(done: Future[None]) -> None:
    # Nobody waits for the thread: a fault of ours would go unseen.
    if (error := done.exception()) is not None:
        log.error("mail failed", exc_info=error)


def _sender() -> ThreadPoolExecutor:
    global _pool  # noqa: PLW0603 - one small pool per process, made at first use
    if _pool is None:
        _pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
    return _pool


def wait() -> None:
    """Until everything handed over so far was tried. For tests and for commands that end right after."""
    if _pool is not None:
        _pool.shutdown(wait=True)
        _forget_pool()


def _forget_pool() -> None:
    global _pool  # noqa: PLW0603 - the next mail makes a new one; threads do not survive a fork
    _pool = None


os.register_at_fork(after_in_child=_forget_pool)
