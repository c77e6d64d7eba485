"""What `manage.py check --deploy` says of the settings, as findings. Asks nobody."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.utils.translation import gettext

from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict, good

# Without https in our own address, Django names four settings that follow from it.
_NO_TLS = "fairlead.W001"
_FOLLOWS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})


def look(asked: Asked) -> Iterator[Finding]:
    """Checks for production stay silent where somebody develops."""
    developing = settings.DEBUG or getattr(settings, "DEVELOPMENT", False)
    said = [each for each in checks.run_checks(include_deployment_checks=not developing) if not each.is_silenced()]
    if any(each.id == _NO_TLS for each in said):
        said = [each for each in said if each.id not in _FOLLOWS]
    # A check that trips over a fault which another one names has nothing of its own to say.
    said = [each for each in said if not any(one.msg != each.msg and one.msg in each.msg for one in said)]
    yield from map(_finding, said)
    if not said:
        yield good(gettext("manage.py check"), gettext("No system check has anything to say."))


def _finding(message: CheckMessage) -> Finding:
    verdict = Verdict.NOTE
    if message.level >= checks.WARNING:
        verdict = Verdict.PROBLEM if message.level >= checks.ERROR else Verdict.WARNING
    return Finding(
        what=message.id or gettext("manage.py check"), verdict=verdict, text=message.msg, remedy=message.hint or ""
    )
