"""Mails to people about their own accounts."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from accounts.sessions import known_networks
from fairlead import client
from fairlead.conf import conf
from fairlead.web import mails

_GOOD_FOR = timedelta(days=1)


def send(template: str, *, to: str, language: str, good_for: timedelta = _GOOD_FOR, **context: Any) -> None:
    """Send `accounts/mails/{template}.txt` to one address, after commit. Its first line is the subject.

    `language` is the person's, "" where it is not known. `good_for` is how long its links are. To "" nothing is sent,
    with the same work.
    """
    mails.send(f"accounts/mails/{template}.txt", kind=template, to=to, language=language, good_for=good_for, **context)


def count(canonical: str, *, request: HttpRequest) -> None:
    """Count a mail that somebody orders for an address which may be anybody's, by their network. Raises RateLimited."""
    mails.count(canonical, by=client.network(request), owner=lambda: known_networks.used(canonical, request=request))


def link_to(name: str, **query: str) -> str:
    """The whole address of a page of ours, for a mail."""
    return f"{conf().origin}{reverse(name)}?{urlencode(query)}"
