"""The front end's part of a sign-in: what is configured, and the codes that become tokens. JSON in, JSON out."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.people import people
from fairlead.web import bodies, rate_limits
from fairlead.web.views import Api
from oidc_login import providers
from oidc_login.flow import access_token_exchange, redemption
from oidc_login.providers import ProviderConfig
from oidc_login.serializers import ConfigAnswer, ExchangeRequest, LinkRequest, MobileExchangeRequest, SignedInAnswer
from oidc_login.views.tokens import TokenApi, answer


class Config(Api):
    """What a sign-in page needs to know. The first four members speak of the default provider."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=ConfigAnswer)
    def get(self, request: Request) -> Response:
        listed = providers.available()
        default = listed[0] if listed else None
        body = {
            "enabled": bool(listed),
            "providerName": default and default.name,
            "issuerUrl": default and default.issuer,
            "clientId": default and default.client_id,
            "disableInternalAuth": not people().password_sign_in_allowed(),
            "providers": [_provider(each) for each in listed],
        }
        return Response(ConfigAnswer(body).data)


class Exchange(TokenApi):
    """Turn the code of /login into tokens: once, within its lifetime, from the browser or verifier it is bound to."""

    throttle_classes = (rate_limits.per_network("exchange", 30, 60),)

    @extend_schema(request=ExchangeRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(ExchangeRequest, request)
        redeemed = redemption.by_exchange_code(
            sent["code"], code_verifier=sent["code_verifier"], request=request._request, now=timezone.now()
        )
        return answer(redeemed, request)


class MobileExchange(TokenApi):
    """Turn the tokens that a mobile app got from the provider into ours, once they are proven to be for us."""

    throttle_classes = (rate_limits.per_network("mobile", 30, 60),)

    @extend_schema(request=MobileExchangeRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(MobileExchangeRequest, request)
        provider = providers.chosen(sent.pop("provider"))
        redeemed = access_token_exchange.exchange(
            access_token_exchange.ProviderTokens(**sent),
            provider=provider,
            request=request._request,
            now=timezone.now(),
        )
        return answer(redeemed, request)


class Link(TokenApi):
    """Confirm a link with the account's password; answers as the exchange does."""

    throttle_classes = (rate_limits.per_network("link", 30, 60),)

    @extend_schema(request=LinkRequest, responses=SignedInAnswer)
    def post(self, request: Request) -> Response:
        sent = bodies.read(LinkRequest, request)
        redeemed = redemption.by_link_code(
            sent["link_code"],
            password=sent["password"],
            code_verifier=sent["code_verifier"],
            request=request._request,
            now=timezone.now(),
        )
        return answer(redeemed, request)


def _provider(provider: ProviderConfig) -> dict[str, Any]:
    return {
        "slug": provider.slug,
        "name": provider.name,
        "issuerUrl": provider.issuer,
        "clientId": provider.client_id,
        "mobileClientIds": list(provider.mobile_client_ids),
        "initiateUrl": provider.initiate_url,
    }
