"""A request that found no place, and used nothing up: our server lets it wait without a thread, and tries it again.

Said in the WSGI environment, where no header of a client's can stand. A server that is not ours does not look at it,
and sends the answer: 503 with Retry-After.
"""

from django.http import HttpRequest

from fairlead import client

# As in config/server/lane.py.
NO_PLACE = "fairlead.no_place"
WHOSE = "fairlead.no_place_whose"
TRIED_BEFORE = "fairlead.tried_before"


def offer(request: HttpRequest, *, name: str) -> None:
    """This request may be sent through the application once more. `name` is who had no place left for it; callers of
    one name take turns by their networks.

    Only for one that has changed nothing: what it had to count, `tried_before` lets it not count again.
    """
    environ = getattr(request, "environ", None)
    if environ is not None:
        environ[NO_PLACE], environ[WHOSE] = name, client.network(request)


def tried_before(request: HttpRequest) -> bool:
    """Whether this is such a request, come again: it was let in and counted the first time."""
    return getattr(request, "environ", {}).get(TRIED_BEFORE) is True
