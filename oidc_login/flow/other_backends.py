"""An operator's or a host's own refusal: PermissionDenied of another backend of AUTHENTICATION_BACKENDS.

`django.contrib.auth.authenticate` asks each backend that takes the credentials, and one that raises PermissionDenied
ends the sign-in: lockouts, maintenance windows and block lists are made that way. A sign-in through a provider does not
go through `authenticate`, so they are asked here. What a backend returns counts for nothing.
"""

import inspect
import logging

from django.conf import settings
from django.contrib.auth import load_backend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from oidc_login.backends import ProviderBackend
from oidc_login.errors import LoginRefused
from oidc_login.flow.claims import ExternalIdentity

log = logging.getLogger(__name__)
_KEYWORD = "external_identity"


def ask(external: ExternalIdentity, *, request: HttpRequest) -> None:
    """Call `authenticate(request, external_identity=...)` of each that takes it. Raises LoginRefused(forbidden).

    A crash is no refusal. Of a backend that names the keyword it is a fault that lets nobody in: it was to decide. One
    that takes any keyword may never have been meant for this one; its crash is logged, and says nothing.
    """
    for path in settings.AUTHENTICATION_BACKENDS:
        backend = load_backend(path)
        if isinstance(backend, ProviderBackend):
            continue
        signature = inspect.signature(backend.authenticate)
        try:
            signature.bind(request, external_identity=external)
        except TypeError:
            continue
        try:
            backend.authenticate(request, external_identity=external)
        except PermissionDenied:
            raise LoginRefused("callback.another_backend", backend=path) from None
        except Exception:
            if _KEYWORD in signature.parameters:
                raise
            log.exception("a backend crashed when it was asked about a sign-in", extra={"backend": path})
