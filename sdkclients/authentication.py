"""App users at the door of any Django REST framework view.

    class ShopUsers(AppUserAuthentication):
        clients = ["<id of an SDK client>"]

    class Orders(APIView):
        authentication_classes = [ShopUsers]

`request.user` is the AppUser, `request.auth` the VerifiedToken; `request.sdk_client` the client, or None. A valid token
is not enough: another tenant's users have valid tokens too. So the view, or APP_USER_CLIENTS for all of them, names
whose users it is for; where nobody does, it answers nobody.
"""

import logging
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from rest_framework.request import Request

from fairlead.audit import token_doors
from fairlead.conf import conf
from fairlead.idtokens.verified import VerifiedToken
from fairlead.web import bearer
from fairlead.web.door import BearerAuthentication
from sdkclients import identity
from sdkclients.errors import CredentialsMissing, NotAccepted
from sdkclients.identity import Caller
from userpools.models import AppUser

log = logging.getLogger(__name__)
CLIENT_HEADER = "HTTP_X_CLIENT_ID"
# What `accepted` returns where every organization's users are meant: for views that only tell them who they are.
EVERYBODY: Mapping[str, Collection[str]] = MappingProxyType({})
_NAMES = ("clients", "pools", "organizations")


class AppUserAuthentication(BearerAuthentication):
    """`Authorization: Bearer <ID token>`, and `X-Client-Id` unless a hosted pool issued the token.

    A call without credentials is refused (401), unless the view, or a subclass of this one, says `required = False`: a
    forgotten permission class must not open the view. Accepted are users that come through one of `clients`, from one
    of `pools`, or of one of `organizations`: ids, as attributes of a subclass, or in the setting APP_USER_CLIENTS as
    `{"clients": [...], "pools": [...], ...}`.
    """

    clients: Collection[str] = ()
    pools: Collection[str] = ()
    organizations: Collection[str] = ()
    required = True
    door = "app"

    def recognise(self, request: Request) -> tuple[AppUser, VerifiedToken] | None:
        accepted = self.accepted()
        raw_token = bearer.credential(request)
        if raw_token is None:
            view = request.parser_context.get("view")
            if self.required and getattr(view, "required", True) is not False:
                raise CredentialsMissing
            return None
        caller = self.caller(request, raw_token)
        inner: Any = request._request
        if accepted is not EVERYBODY and not _is_among(caller, accepted):
            # To the caller as if there were none; to whoever wrote the view, why.
            at = caller.client.pk if caller.client else f"none, of pool {caller.pool.pk}"
            log.warning("a valid token was refused: %s does not list its client (%s)", type(self).__qualname__, at)
            raise NotAccepted(caller.pool, caller.client)
        inner.app_caller, inner.sdk_client = caller, caller.client
        client = caller.client.id if caller.client else None
        token_doors.accept(organization=caller.pool.organization_id, pool=caller.pool.id, client=client)
        return caller.user, caller.token

    def caller(self, request: Request, raw_token: str) -> Caller:
        raw_client_id = request.META.get(CLIENT_HEADER, "").strip()
        if not raw_client_id:
            return identity.of_hosted_pool(raw_token, now=timezone.now())
        return identity.through_client(raw_client_id, raw_token, now=timezone.now())

    def accepted(self) -> Mapping[str, Collection[str]]:
        """Whose users are accepted. Raises ImproperlyConfigured where nobody says."""
        own = {name: _ids(getattr(self, name), name) for name in _NAMES}
        if not any(own.values()):
            given = conf().app_user_clients or {}
            own = {name: _ids(given.get(name, ()), name) for name in _NAMES}
        if not any(own.values()):
            raise ImproperlyConfigured(
                "AppUserAuthentication accepts nobody yet: name clients, pools or organizations (lists of ids) on a "
                'subclass, or set FAIRLEAD["APP_USER_CLIENTS"] = {"clients": ["<id>"]}.'
            )
        return own


def _ids(given: object, name: str) -> frozenset[str]:
    if isinstance(given, str) or not isinstance(given, Collection):
        raise ImproperlyConfigured(f"{name} of AppUserAuthentication is a list of ids.")
    return frozenset(str(each).lower() for each in given)


def _is_among(caller: Caller, accepted: Mapping[str, Collection[str]]) -> bool:
    return (
        (caller.client is not None and str(caller.client.pk) in accepted["clients"])
        or str(caller.pool.pk) in accepted["pools"]
        or str(caller.pool.organization_id) in accepted["organizations"]
    )
