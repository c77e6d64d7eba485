"""The front end's part of the trip: what is configured, and the codes that become tokens. JSON in, JSON out."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.web import bodies, rate_limits
from fairlead.web.views import Api
from oidc_login import people, providers
from oidc_login.flow import access_token_exchange, redemption
from oidc_login.flow.redemption import SignedIn
from oidc_login.providers import ProviderConfig
from oidc_login.serializers import ConfigAnswer, ExchangeRequest, LinkRequest, MobileExchangeRequest, SignedInAnswer


class Config(Api):
    """What a sign-in page needs to know. The first four members speak of the default provider."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    @extend_schema(responses=ConfigAnswer)
    def get(self, request: Request) -> Response:
        listed = providers.available()
        default = listed[0] if listed else None
        answer = {
            "enabled": bool(listed),
            "providerName": default and default.name,
            "issuerUrl": default and default.issuer,
            "clientId": default and default.client_id,
            "disableInternalAuth": not people.password_sign_in_allowed(),
            "providers": [_provider(each) for each in listed],
        }
        return Response(ConfigAnswer(answer).data)


class Exchange(Api):
    """Turn the code of /login into tokens: once, within its lifetime, from the browser or verifier it is bound to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rate_limits.per_network("exchange", 30, 60),)

    @extend_schema(request=ExchangeRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(ExchangeRequest, request)
        signed_in = redemption.by_exchange_code(
            sent["code"], code_verifier=sent["code_verifier"], request=request._request, now=timezone.now()
        )
        return _tokens(signed_in, request)


class MobileExchange(Api):
    """Turn the tokens that a mobile app got from the provider into ours, once they are proven to be for us."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rate_limits.per_network("mobile", 30, 60),)

    @extend_schema(request=MobileExchangeRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(MobileExchangeRequest, request)
        provider = providers.chosen(sent.pop("provider"))
        tokens = access_token_exchange.ProviderTokens(**sent)
        signed_in = access_token_exchange.exchange(
            tokens, provider=provider, request=request._request, now=timezone.now()
        )
        return _tokens(signed_in, request)


class Link(Api):
    """Confirm a link with the account's password; answers as the exchange does."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (rate_limits.per_network("link", 30, 60),)

    @extend_schema(request=LinkRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(LinkRequest, request)
        signed_in = redemption.by_link_code(
            sent["link_code"],
            password=sent["password"],
            code_verifier=sent["code_verifier"],
            request=request._request,
            now=timezone.now(),
        )
        return _tokens(signed_in, request)


def _tokens(signed_in: SignedIn, request: Request) -> Response:
    pair = people.issue_tokens(signed_in.user, request=request._request, provider=signed_in.provider)
    answer = {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "user": signed_in.user,
        "redirectUrl": signed_in.redirect,
        "notices": list(signed_in.notices),
    }
    return Response(SignedInAnswer(answer).data, headers={"Cache-Control": "no-store"})


def _provider(provider: ProviderConfig) -> dict[str, Any]:
    return {
        "slug": provider.slug,
        "name": provider.name,
        "issuerUrl": provider.issuer,
        "clientId": provider.client_id,
        "mobileClientIds": list(provider.mobile_client_ids),
        "initiateUrl": provider.initiate_url,
    }
