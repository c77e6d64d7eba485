"""ORIGIN (APP_URL) called as a browser would: it leads here, does not loop, and the proxy in front tells the truth."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from fairlead import named_settings
from fairlead.conf import conf, source
from fairlead.web.health import asking, echo, naming
from fairlead.web.health.asking import Unreachable
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning


def look(asked: Asked) -> Iterator[Finding]:
    """One call, of eight seconds at most."""
    what, name = gettext("From outside"), named_settings.setting("ORIGIN")
    try:
        url = f"{conf().origin}{reverse('fairlead_web:echo')}"
    except NoReverseMatch:
        yield note(
            what,
            gettext("Nothing here can say what arrives."),
            gettext('Add to urlpatterns: path("", include("fairlead.web.urls")),'),
        )
        return
    headers = echo.question()
    try:
        answer = asking.get(url, headers=headers)
    except Unreachable as fault:
        yield _unreachable(what, fault, name)
        return
    document = _document(answer)
    expected = echo.signed(headers["X-Fairlead-Asked"].rpartition(".")[0], "answered")
    if answer.status_code != 200 or not constant_time_compare(str(document.get("proof", "")), expected):
        yield _not_ours(what, answer, url, name)
        return
    yield good(what, gettext("The address leads to this installation. {setting}").format(setting=name))
    yield from _as_it_arrived(document, name)


def _unreachable(what: str, fault: Unreachable, name: str) -> Finding:
    remedy = gettext("Correct {setting}, or the name's entry in the DNS; the server and its proxy have to run.")
    if fault.certificate:
        remedy = gettext("Give the proxy a certificate for the host of {setting}, from an authority that is known.")
    return problem(
        what,
        gettext("{origin}: {why}").format(origin=conf().origin, why=fault.told),
        remedy.format(setting=name),
        why=gettext("Seen from this machine; some networks keep a machine from its own public address."),
    )


def _document(answer: requests.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _not_ours(what: str, answer: requests.Response, url: str, name: str) -> Finding:
    proxies, status = named_settings.setting("TRUSTED_PROXIES"), answer.status_code
    said = gettext("{url} answers {status}.").format(url=url, status=status)
    if status in {301, 302, 307, 308}:
        if answer.headers.get("Location") == url:
            return problem(
                what,
                gettext("Every page redirects to itself, without end."),
                gettext(
                    "Have the proxy send X-Forwarded-Proto: https, and set {setting} to how many proxies there are."
                ).format(setting=proxies),
                why=gettext("The proxy ends TLS, and we are not told, or do not believe it."),
            )
        return problem(
            what, said, gettext("It redirects elsewhere. Set {setting} to where it leads.").format(setting=name)
        )
    if status == 503 and conf().on_https and not conf().trusted_proxies:
        return problem(
            what,
            said,
            gettext("Set {setting} to how many proxies there are, mostly 1.").format(setting=proxies),
            why=gettext("A proxy says that people came by https, and with 0 its word does not count."),
        )
    if status == 400:
        remedy = gettext("Have the proxy pass the Host header on, or name its host in {hosts}; people use {setting}.")
        return problem(what, said, remedy.format(hosts=naming.name("ALLOWED_HOSTS"), setting=name))
    if status in {502, 504}:
        return problem(what, said, gettext("The proxy runs and does not reach our server: start it, compare the port."))
    return problem(
        what,
        gettext("{said} Another installation, or no Fairlead at all, is there.").format(said=said),
        gettext("Correct {setting} or the proxy; machines of one installation share {key}.").format(
            setting=name, key=naming.name("SECRET_KEY")
        ),
    )


def _as_it_arrived(document: dict[str, Any], name: str) -> Iterator[Finding]:
    host = urlsplit(conf().origin).netloc
    if document.get("host") != host:
        yield warning(
            gettext("Host"),
            gettext("People ask for {host}, and {arrived} arrives here.").format(
                host=host, arrived=document.get("host")
            ),
            gettext("Have the proxy pass the Host header on as it is."),
        )
    if document.get("secure") is not conf().on_https:
        yield problem(
            gettext("Scheme"),
            gettext("{setting} is not the scheme that arrives here.").format(setting=name),
            gettext("Have the proxy send X-Forwarded-Proto, and set {setting} to how many proxies there are.").format(
                setting=named_settings.setting("TRUSTED_PROXIES")
            ),
        )
    yield _proxies([str(hop) for hop in document.get("hops") or ()], str(document.get("client")))


def _proxies(hops: list[str], seen: str) -> Finding:
    """`hops` are the entries of X-Forwarded-For; the first is a claim of ours, unless a proxy threw it away."""
    what, setting = gettext("Proxies"), named_settings.setting("TRUSTED_PROXIES")
    set_to, appended = conf().trusted_proxies, len(hops) - (hops[:1] == [echo.CLAIMED])
    if set_to > appended:
        text = gettext("{setting}, but {count} append to X-Forwarded-For.").format(setting=setting, count=appended)
        why = gettext("Limits count everybody by the proxy's address.")
        if seen == echo.CLAIMED:
            why = gettext("Callers choose the address that limits count them by and records name.")
        return problem(what, text, _set_to(appended), why=why)
    if set_to < appended:
        return warning(
            what,
            gettext("{setting}, but {count} append to X-Forwarded-For.").format(setting=setting, count=appended),
            _set_to(appended),
            why=gettext("Limits and records take the inner proxy's address for everybody's."),
        )
    return good(what, gettext("{setting}, and as many append to X-Forwarded-For.").format(setting=setting))


def _set_to(count: int) -> str:
    return gettext("Set {name}={count}, or have the proxy append.").format(
        name=source("TRUSTED_PROXIES").name, count=count
    )
