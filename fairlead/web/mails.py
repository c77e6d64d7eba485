"""Mails, written from a template and put into the outbox of the same transaction."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext

from fairlead.conf import conf
from fairlead.web import languages, outbox, rate_limits
from fairlead.web.rate_limits import RateLimited

_GOOD_FOR = timedelta(days=1)


def send(template: str, *, kind: str, to: str, language: str, good_for: timedelta = _GOOD_FOR, **context: Any) -> None:
    """Send a template, whose first line is the subject, to one address, after commit.

    `language` is the person's, "" where it is not known. `good_for` is how long its links are. To "" nothing is sent,
    with the same work.
    """
    about_us = {"site": conf().site_name, "origin": conf().origin}
    with languages.spoken_to(language):
        text = render_to_string(template, context | about_us)
        subject, _, body = text.strip().partition("\n")
        body = "\n".join((body.strip(), *_where_help_is())) + "\n"
    outbox.put(kind, to=to, subject=subject.strip(), body=body, good_for=good_for)


def count(canonical: str, *, by: str, owner: Callable[[], bool] = lambda: False) -> None:
    """Count a mail that somebody (`by`) orders for an address which may be anybody's. Raises RateLimited.

    By whoever orders it: RATE_LIMIT_MAILS. The address is shared with strangers, so it has four times that in all, and
    nobody is bombed. As many again are kept for `owner`: who asks from where the account of the address was used
    before, so that strangers cannot keep its owner from a mail of their own.
    """
    rate_limits.hit("mails from", f"{by} {canonical}", "rate_limit_mails")
    try:
        rate_limits.hit("mails to", canonical, "rate_limit_mails", times_as_many=4)
    except RateLimited:
        if not owner():
            raise
        rate_limits.hit("mails to its owner", canonical, "rate_limit_mails")


def _where_help_is() -> Iterator[str]:
    """Below the signature, where the settings name any. A path of ours becomes a whole address."""
    if address := conf().support_url:
        whole = f"{conf().origin}{address}" if address.startswith("/") else address.removeprefix("mailto:")
        yield gettext("Help: {address}").format(address=whole)
