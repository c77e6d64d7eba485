"""Mails to people: written from a template, and put into the outbox of the same transaction."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from fairlead import client
from fairlead.conf import conf
from fairlead.web import outbox, rate_limits

_GOOD_FOR = timedelta(days=1)


def send(template: str, *, to: str, good_for: timedelta = _GOOD_FOR, **context: Any) -> None:
    """Send `accounts/mails/{template}.txt` to one address, after commit. Its first line is the subject.

    `good_for` is how long its links are. To "" nothing is sent, with the same work.
    """
    about_us = {"site": conf().site_name, "origin": conf().origin}
    text = render_to_string(f"accounts/mails/{template}.txt", context | about_us)
    subject, _, body = text.strip().partition("\n")
    body = "\n".join((body.strip(), *_where_help_is())) + "\n"
    outbox.put(template, to=to, subject=subject.strip(), body=body, good_for=good_for)


def count(canonical: str, *, request: HttpRequest) -> None:
    """Count a mail that somebody orders for an address which may be anybody's. Raises RateLimited.

    By whoever orders it: RATE_LIMIT_MAILS from one network. The address is shared with strangers, so it has ten times
    that in all: nobody is bombed, and nobody keeps its owner from a mail of their own.
    """
    rate_limits.hit("mails from", f"{client.network(request)} {canonical}", "rate_limit_mails")
    rate_limits.hit("mails to", canonical, "rate_limit_mails", times_as_many=10)


def _where_help_is() -> Iterator[str]:
    """Below the signature, where the settings name any. A path of ours becomes a whole address."""
    if address := conf().support_url:
        whole = f"{conf().origin}{address}" if address.startswith("/") else address.removeprefix("mailto:")
        yield gettext("Help: {address}").format(address=whole)


def link_to(name: str, **query: str) -> str:
    """The whole address of a page of ours, for a mail."""
    return f"{conf().origin}{reverse(name)}?{urlencode(query)}"
