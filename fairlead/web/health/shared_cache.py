"""The cache: it answers, keeps what it is given, and all processes share it."""

import secrets
from collections.abc import Iterator

from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.utils.translation import gettext

from fairlead.web.health import naming
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, problem, warning


def look(asked: Asked) -> Iterator[Finding]:
    name = naming.name("CACHES")
    key, value = f"health-{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        cache.set(key, value, 30)
        kept = cache.get(key) == value
        cache.delete(key)
    except Exception as fault:  # noqa: BLE001 - every cache has faults of its own
        yield problem(
            gettext("Connection"),
            gettext("The cache does not answer: {kind}: {fault}").format(
                kind=type(fault).__name__, fault=" ".join(str(fault).split())[:200]
            ),
            gettext("Compare {setting} with the cache server, and see whether it runs.").format(setting=name),
            why=gettext("Rate limits are counted in the database meanwhile."),
        )
        return
    kind = type(caches["default"])
    if not kept:
        yield warning(
            gettext("Connection"),
            gettext("{kind} takes values and does not keep them.").format(kind=kind.__name__),
            gettext("Set {setting} to Redis, or leave it out on one machine.").format(setting=name),
        )
    elif issubclass(kind, LocMemCache):
        text = gettext("Each process has its own; attempts are counted in the database, for all processes together.")
        yield good(gettext("Connection"), text)
    else:
        yield good(gettext("Connection"), gettext("It answers and is shared. {setting}").format(setting=name))
