"""Mail: the mail server takes us, a mail can be sent, and nothing waits too long in the outbox."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from fairlead.conf import conf
from fairlead.web.health import naming
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning
from fairlead.web.models import OutgoingMail

SECONDS = 8
_LATE = timedelta(minutes=10)
# The first that fits: several are kinds of those below them.
_WHY: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, gettext_noop("it refuses our user or password ({code}).")),
    (
        smtplib.SMTPNotSupportedError,
        gettext_noop("it offers no STARTTLS or no sign-in, and we were told to use it."),
    ),
    (smtplib.SMTPServerDisconnected, gettext_noop("it hangs up: mostly it expects TLS from the start.")),
    (ssl.SSLCertVerificationError, gettext_noop("its certificate is not accepted: {why}.")),
    (ssl.SSLError, gettext_noop("it does not speak TLS from the start.")),
    (socket.gaierror, gettext_noop("no such name is known.")),
    (ConnectionRefusedError, gettext_noop("nobody listens there.")),
    (TimeoutError, gettext_noop("no answer within {seconds} seconds.")),
    (smtplib.SMTPResponseException, gettext_noop("it answers {code}.")),
)


def look(asked: Asked) -> Iterator[Finding]:
    """Connects to the mail server unless this is offline, and sends one mail where an address is given."""
    name = naming.name("EMAIL_HOST")
    if "@" not in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        yield problem(
            gettext("Sender"),
            gettext("The sender of our mails is no address."),
            gettext("Correct {setting}, for example: login@example.org").format(
                setting=naming.name("DEFAULT_FROM_EMAIL")
            ),
        )
    backend = mail.get_connection(timeout=SECONDS)
    if not isinstance(backend, EmailBackend):
        yield note(
            gettext("Mail server"),
            gettext("None is asked: mails go to {backend}.").format(backend=settings.EMAIL_BACKEND),
        )
    elif asked.offline:
        yield good(gettext("Mail server"), gettext("Not asked: {setting}.").format(setting=name))
    else:
        yield _connected(backend, name)
    if asked.mail_to and not asked.offline:
        yield _sent(asked.mail_to, name)


def _connected(backend: EmailBackend, name: str) -> Finding:
    what, place = gettext("Mail server"), f"{backend.host}:{backend.port}"
    try:
        backend.open()
    except (smtplib.SMTPException, OSError) as fault:
        return problem(
            what,
            gettext("{place}: {why}").format(place=place, why=_why(fault)),
            _remedy(fault, name),
            why=gettext("Nobody can confirm an address or choose a new password."),
        )
    finally:
        # A server that hangs up in the middle leaves a socket behind.
        with suppress(smtplib.SMTPException, OSError):
            backend.close()
    if backend.username and not (backend.use_tls or backend.use_ssl):
        return warning(
            what,
            gettext("{place} takes us, and our password goes there readable: the connection has no TLS.").format(
                place=place
            ),
            gettext("Begin the address in {setting} with smtp+tls:// (STARTTLS) or smtp+ssl://.").format(setting=name),
        )
    return good(what, gettext("{place} takes us. {setting}").format(place=place, setting=name))


def _why(fault: Exception) -> str:
    sentence = next((each for kind, each in _WHY if isinstance(fault, kind)), "{kind}")
    return gettext(sentence).format(
        kind=type(fault).__name__,
        code=getattr(fault, "smtp_code", ""),
        why=getattr(fault, "verify_message", ""),
        seconds=SECONDS,
    )


def _remedy(fault: Exception, name: str) -> str:
    match fault:
        case smtplib.SMTPAuthenticationError():
            return gettext("Correct user and password in {setting}; characters such as @ are written %40.").format(
                setting=name
            )
        case smtplib.SMTPNotSupportedError() | ssl.SSLError() | smtplib.SMTPServerDisconnected():
            return gettext(
                "In {setting}, smtp+tls:// is STARTTLS (mostly port 587), smtp+ssl:// is TLS from the start (mostly "
                "465): compare with the mail server's guide."
            ).format(setting=name)
    return gettext("Correct host and port in {setting}, and see whether a firewall lets this machine out.").format(
        setting=name
    )


def _sent(address: str, name: str) -> Finding:
    what = gettext("A mail")
    try:
        taken = mail.send_mail(
            gettext("{site}: mail works").format(site=conf().site_name),
            gettext("This mail was sent by the examination of {origin}.").format(origin=conf().origin),
            None,
            [address],
        )
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        return problem(what, _why(fault), _remedy(fault, name))
    if not taken:
        return problem(
            what,
            gettext("Nothing was sent: no mail server is set."),
            gettext("Set {setting}.").format(setting=name),
        )
    return good(what, gettext("Handed over. See whether it arrives, and not among spam."))


def outbox(asked: Asked) -> Iterator[Finding]:
    """Mails that wait, and those given up within a day. Asks nobody."""
    now, name = timezone.now(), naming.name("EMAIL_HOST")
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).order_by("created_at")
    given_up = OutgoingMail.objects.filter(
        state=OutgoingMail.State.GIVEN_UP, ended_at__gt=now - timedelta(days=1)
    ).order_by("-ended_at")
    count, oldest = waiting.count(), waiting.values("created_at").first()
    if oldest and now - oldest["created_at"] > _LATE:
        failed = waiting.exclude(cause="").order_by("-next_try_at").values("cause").first()
        yield warning(
            gettext("Waiting"),
            gettext("{count} wait, the oldest for {minutes} minutes. Last error: {cause}.").format(
                count=count,
                minutes=int((now - oldest["created_at"]).total_seconds() // 60),
                cause=failed["cause"] if failed else gettext("none"),
            ),
            gettext(
                "Run python manage.py send_mails, have its timer run, and look at the mail server: {setting}."
            ).format(setting=name),
        )
    if lost := given_up.count():
        yield warning(
            gettext("Given up"),
            gettext("{count} within a day. Last error: {cause}.").format(
                count=lost, cause=given_up.values_list("cause", flat=True)[0]
            ),
            gettext("Look at the mail server ({setting}); whoever waits for a link asks for a new one.").format(
                setting=name
            ),
        )
    if not lost and not (oldest and now - oldest["created_at"] > _LATE):
        yield good(gettext("Outbox"), gettext("{count} wait; none was given up within a day.").format(count=count))
