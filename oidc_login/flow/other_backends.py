"""An operator's or a host's own refusal: PermissionDenied of another backend of AUTHENTICATION_BACKENDS.

`django.contrib.auth.authenticate` asks each backend that takes the credentials, and one that raises PermissionDenied
ends the sign-in: lockouts, maintenance windows and block lists are made that way. A sign-in through a provider does not
go through `authenticate`, so they are asked here. What a backend returns counts for nothing.
"""

import inspect

from django.conf import settings
from django.contrib.auth import load_backend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from oidc_login.backends import ProviderBackend
from oidc_login.errors import LoginRefused
from oidc_login.flow.claims import ExternalIdentity


def ask(external: ExternalIdentity, *, request: HttpRequest) -> None:
    """Call `authenticate(request, external_identity=...)` of each that takes it. Raises LoginRefused(forbidden)."""
    for path in settings.AUTHENTICATION_BACKENDS:
        backend = load_backend(path)
        if isinstance(backend, ProviderBackend) or not _takes(backend.authenticate, request, external):
            continue
        try:
            backend.authenticate(request, external_identity=external)
        except PermissionDenied:
            raise LoginRefused("callback.another_backend", backend=path) from None


def _takes(authenticate: object, request: HttpRequest, external: ExternalIdentity) -> bool:
    try:
        inspect.signature(authenticate).bind(request, external_identity=external)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True
