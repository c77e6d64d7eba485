"""One line in the log of a server that starts, where something is wrong. Asks nobody outside, and holds nobody up."""

import logging
import threading

from django.db import connections

from fairlead.web.health import examinations
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict

log = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Look from a thread of its own, so that the server answers meanwhile."""
    thread = threading.Thread(target=tell, name="health", daemon=True)
    thread.start()
    return thread


def tell() -> None:
    """Log what is wrong; nothing where all is well."""
    try:
        found = [each for each in examinations.run(Asked(offline=True)) if each.verdict.rank >= Verdict.WARNING.rank]
    except Exception:
        log.exception("the examination at start failed")
    else:
        if found:
            _say(found)
    finally:
        connections.close_all()


def _say(found: list[Finding]) -> None:
    found.sort(key=lambda each: -each.verdict.rank)
    problems = sum(each.verdict is Verdict.PROBLEM for each in found)
    log.log(
        logging.ERROR if problems else logging.WARNING,
        "something is wrong with this installation: run manage.py doctor",
        extra={
            "problems": problems,
            "warnings": len(found) - problems,
            "first": f"{found[0].area}, {found[0].what}: {found[0].text}"[:500],
        },
    )
