"""Backends that a host or an operator could have in AUTHENTICATION_BACKENDS. `asked` says whom they were asked about."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

asked = []


class Denies:
    """A block list that knows of this app."""

    def authenticate(self, request, external_identity=None):
        asked.append(external_identity)
        raise PermissionDenied


class DeniesAnyKeyword:
    """A maintenance window: whoever comes, in whatever way."""

    def authenticate(self, request, **credentials):
        raise PermissionDenied


class LetsPass:
    def authenticate(self, request, external_identity=None):
        asked.append(external_identity)


class NamesSomebodyElse:
    def authenticate(self, request, external_identity=None):
        return get_user_model().objects.create_superuser("somebody-else@example.org", "a long enough password")


class ForPasswordsAlone:
    def authenticate(self, request, username, password):
        raise AssertionError("not its kind of credentials")


class CrashesOnAnyKeyword:
    def authenticate(self, request, **credentials):
        return credentials["username"]


class CrashesByName:
    def authenticate(self, request, external_identity=None):
        raise RuntimeError("its own fault")
