"""The front end's part of a sign-in: what is configured, and the codes that become tokens. JSON in, JSON out."""

from typing import Any

from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fairlead.audit import refusals
from fairlead.people import people
from fairlead.web import bodies, rate_limits, sign_ins
from fairlead.web.views import Api
from oidc_login import providers, schema
from oidc_login.diagnostics import named
from oidc_login.errors import LoginRefused
from oidc_login.flow import access_token_exchange, provider_client, redemption
from oidc_login.providers import ProviderConfig
from oidc_login.serializers import ConfigAnswer, ExchangeRequest, LinkRequest, MobileExchangeRequest
from oidc_login.views.tokens import TokenApi, answer


class Config(Api):
    """What a sign-in page needs to know. The first four members speak of the default provider."""

    permission_classes = (AllowAny,)

    @schema.config
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

    throttle_classes = (rate_limits.per_network("exchange", "rate_limit_exchange"),)

    @schema.exchange
    def post(self, request: Request) -> Response:
        sent = bodies.read(ExchangeRequest, request)
        with sign_ins.counted("exchange"):
            redeemed = redemption.by_exchange_code(
                sent["code"], code_verifier=sent["code_verifier"], request=request._request, now=timezone.now()
            )
            return answer(redeemed, request)


class MobileExchange(TokenApi):
    """Turn the tokens that a mobile app got from the provider into ours, once they are proven to be for us."""

    throttle_classes = (rate_limits.per_network("mobile", "rate_limit_exchange"),)
    may_be_put_back = True

    @schema.exchange_mobile
    def post(self, request: Request) -> Response:
        sent = bodies.read(MobileExchangeRequest, request)
        provider = providers.chosen(sent.pop("provider"))
        with sign_ins.counted("mobile", provider=provider.slug):
            try:
                with provider_client.place(provider.id):
                    redeemed = access_token_exchange.exchange(
                        access_token_exchange.ProviderTokens(**sent),
                        provider=provider,
                        request=request._request,
                        now=timezone.now(),
                    )
            except LoginRefused as refused:
                refused.cause = named.noted(refused.cause, provider_id=provider.id)
                refusals.refused_by(refused, request=request._request, provider=provider.id)
                raise
            return answer(redeemed, request)


class Link(TokenApi):
    """Confirm a link with the account's password; answers as the exchange does."""

    throttle_classes = (rate_limits.per_network("link", "rate_limit_exchange"),)

    @schema.link
    def post(self, request: Request) -> Response:
        sent = bodies.read(LinkRequest, request)
        with sign_ins.counted("linking"):
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
