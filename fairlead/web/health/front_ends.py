"""Front ends: their scripts may read our answers, and they have the page on which a sign-in ends."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext

from fairlead import named_settings
from fairlead.conf import conf
from fairlead.web.health import asking, naming
from fairlead.web.health.asking import Unreachable
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning


def look(asked: Asked) -> Iterator[Finding]:
    name, ours = named_settings.setting("FRONTEND_URLS"), conf().origin
    others = [each for each in conf().frontend_urls if each != ours]
    if not others:
        yield good(gettext("Where sign-ins end"), gettext("On our own pages, at {origin}.").format(origin=ours))
    for origin in others:
        if conf().on_https and origin.startswith("http://"):
            yield warning(
                origin,
                gettext("Exchange codes travel readable to this front end: it is plain http."),
                gettext("Use its https address in {setting}.").format(setting=name),
            )
        if not _may_read(origin):
            yield problem(
                origin,
                gettext("Its scripts may not read our answers: browsers refuse the exchange (CORS)."),
                gettext("Add it to {setting}.").format(setting=naming.name("CORS_ALLOWED_ORIGINS")),
            )
        elif asked.offline or asked.late:
            yield good(origin, gettext("Its scripts may read our answers."))
        else:
            yield _page(origin, name)


def _may_read(origin: str) -> bool:
    if "corsheaders" not in settings.INSTALLED_APPS:
        # Somebody else's headers: nobody can say from here.
        return True
    everybody = getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False)
    return bool(everybody or origin in getattr(settings, "CORS_ALLOWED_ORIGINS", ()))


def _page(origin: str, name: str) -> Finding:
    url = f"{origin}/login"
    try:
        answer = asking.get(url)
    except Unreachable as fault:
        return note(
            origin,
            gettext("{url} cannot be looked at from here: {why}").format(url=url, why=fault.told),
            gettext("If people's browsers cannot reach it either, correct {setting}.").format(setting=name),
        )
    if answer.status_code == 404 or answer.status_code >= 500:
        return warning(
            origin,
            gettext("{url} answers {status}.").format(url=url, status=answer.status_code),
            gettext("Have the front end answer there, or correct {setting}.").format(setting=name),
            why=gettext("Every sign-in ends on that page, with its code."),
        )
    return good(origin, gettext("{url} answers, and its scripts may read our answers.").format(url=url))
