"""What the views have in common that need tokens of ours: without them (`People.tokens` is None) they are 404."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.people import Tokens, people
from fairlead.web.views import SignInApi
from oidc_login.flow.redemption import RedeemedCode
from oidc_login.serializers import SignedInAnswer


def tokens() -> Tokens:
    """Raises Http404 where the site's people have none."""
    found = people().tokens
    if found is None:
        raise Http404
    return found


class TokenApi(SignInApi):
    """A view that gives tokens to whoever proves who they are."""

    reads_session = True
    permission_classes: Any = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        tokens()
        super().initial(request, *args, **kwargs)


class PersonApi(TokenApi):
    """A view for the person whose access token the request carries."""

    permission_classes = (IsAuthenticated,)

    def get_authenticators(self) -> list[Any]:
        found = people().tokens
        return [each() for each in found.authentication_classes] if found else []


def answer(redeemed: RedeemedCode, request: Request) -> Response:
    """Tokens for whoever may come in. Raises what People.tokens.issue raises."""
    issued: Mapping[str, Any] = tokens().issue(
        request._request, redeemed.user, provider=redeemed.provider, sid=redeemed.sid
    )
    body = {**issued, "redirectUrl": redeemed.redirect, "notices": list(redeemed.notices)}
    return Response(SignedInAnswer(body).data, headers={"Cache-Control": "no-store"})
