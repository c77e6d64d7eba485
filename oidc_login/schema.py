"""What the OpenAPI document says about sign-in through providers."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from fairlead.web.openapi import ACCESS_TOKEN_CODES, Answer, Call
from fairlead.web.tags import Tag
from oidc_login.serializers import (
    ConfigAnswer,
    ExchangeRequest,
    IdentityAnswer,
    LinkFromInsideAnswer,
    LinkFromInsideRequest,
    LinkRequest,
    MobileExchangeRequest,
    SignedInAnswer,
)

_HOME = "https://login.example.org"
_PROVIDER = {
    "slug": "default",
    "name": "Pocket ID",
    "issuerUrl": "https://id.example.org",
    "clientId": "fairlead",
    "mobileClientIds": [],
    "initiateUrl": f"{_HOME}/api/auth/oidc/initiate?provider=default",
}
_CONFIG = {
    "enabled": True,
    "providerName": "Pocket ID",
    "issuerUrl": "https://id.example.org",
    "clientId": "fairlead",
    "disableInternalAuth": False,
    "providers": [_PROVIDER],
}
_USER: dict[str, Any] = {
    "id": "6a1f6c1e-5b0d-4a54-8c36-0f6e2b1d9c10",
    "email": "person@example.org",
    "emailVerified": True,
    "name": "Person One",
    "profileImage": None,
    "isAdmin": False,
    "status": "active",
    "hasPassword": False,
    "organizations": [],
    "createdAt": "2030-01-01T12:00:00Z",
    "updatedAt": "2030-01-01T12:00:00Z",
}
_SIGNED_IN = Answer(
    SignedInAnswer,
    {"access_token": "eyJ…", "refresh_token": "flr_…", "user": _USER, "redirectUrl": "/reports", "notices": []},
)
_IDENTITY = {
    "id": "9b2f3a77-0c57-4a0b-bb35-6a4b9e1f2d30",
    "provider": "default",
    "providerName": "Pocket ID",
    "issuerUrl": "https://id.example.org",
    "email": "person@example.org",
    "createdAt": "2030-01-01T12:00:00Z",
    "lastLoginAt": "2030-01-02T08:30:00Z",
}
_STATUS = ("account_pending", "account_suspended")
_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
# A site whose people have no tokens of ours answers 404.
_NO_TOKENS = "not_found"


def _asked(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=description)


config = Call(
    "getSignInConfig", summary="What a sign-in page needs to know", tag=Tag.PROVIDERS,
    description="The first four members speak of the default provider; where none is enabled, they are null.",
    answers={200: Answer(ConfigAnswer, _CONFIG)},
)  # fmt: skip
initiate = Call(
    "initiateSignIn", summary="Begin a sign-in: send the browser here", tag=Tag.PROVIDERS,
    description="With state, nonce and PKCE. Always means sign in; it links nothing, unless a ticket says so.",
    parameters=[
        _asked("redirect", "Where to go afterwards: a path, or an address of this site."),
        _asked("return_to", "The origin where this sign-in ends: one of FRONTEND_URLS, or this site."),
        _asked("provider", "The provider's slug; the default one if left out."),
        _asked("link", "Ticket of POST /api/auth/identities/link."),
        _asked("code_challenge", "PKCE S256 challenge for a single-page or mobile app."),
        _asked("code_challenge_method", "`S256` or nothing."),
    ],
    answers={302: Answer(text="Sent on.", headers={"Location": "The provider, or /login with `error`."})},
    refuses=["invalid_request", "invalid_redirect", "oidc_not_enabled", "not_found", "throttled"],
)  # fmt: skip
callback = Call(
    "completeSignIn", summary="Where the provider sends the browser back", tag=Tag.PROVIDERS,
    parameters=[
        _asked("code", "The provider's authorization code."),
        _asked("state", "The state that `initiate` sent."),
        _asked("iss", "The provider's issuer (RFC 9207)."),
        _asked("error", "The provider's own refusal (RFC 6749 4.1.2.1)."),
    ],
    answers={
        302: Answer(
            text="Sent on.",
            headers={"Location": "`/login` where the sign-in ends, with `code` and `redirect`, or with `error`."},
        ),
        200: Answer(
            str, "<!DOCTYPE html>…", media_type="text/html", text="A dry sign-in, begun in the admin: its report."
        ),
    },
)  # fmt: skip
exchange = Call(
    "exchangeSignInCode", summary="Turn the code of /login into tokens", tag=Tag.PROVIDERS,
    description="Once, within its lifetime, from the browser or for the verifier it is bound to. Any attempt burns it.",
    body=ExchangeRequest, examples={"A single-page app": {"code": "flc_…", "code_verifier": _VERIFIER}},
    answers={200: _SIGNED_IN}, refuses=["exchange_code_invalid", *_STATUS, _NO_TOKENS, "throttled"],
)  # fmt: skip
exchange_mobile = Call(
    "exchangeMobileTokens", summary="Turn the tokens that a mobile app got from the provider into ours",
    tag=Tag.PROVIDERS, description="Once they are proven to have been issued to one of our clients.",
    body=MobileExchangeRequest, examples={"With the ID token": {"access_token": "…", "id_token": "eyJ…", "nonce": "…"}},
    answers={200: _SIGNED_IN},
    refuses=[
        "oidc_not_enabled", "missing_claims", "token_not_bound", *_STATUS, "forbidden", "signup_disabled",
        "email_not_verified", "link_requires_sign_in", _NO_TOKENS, "email_already_linked",
        "link_confirmation_required", "throttled", "provider_error", "provider_unreachable",
    ],
)  # fmt: skip
link = Call(
    "confirmLink", summary="Link a provider with the account's password", tag=Tag.PROVIDERS,
    description="After `link_confirmation_required`. Five tries within ten minutes; answers as the exchange does.",
    body=LinkRequest, examples={"The password": {"link_code": "fll_…", "password": "correct horse battery"}},
    answers={200: _SIGNED_IN},
    refuses=[
        "link_code_invalid", "invalid_credentials", *_STATUS, _NO_TOKENS, "email_already_linked", "throttled",
    ],
)  # fmt: skip
identities = Call(
    "listIdentities", summary="The providers linked to the person", tag=Tag.ACCOUNT,
    answers={200: Answer(IdentityAnswer(many=True), [_IDENTITY])}, refuses=[*ACCESS_TOKEN_CODES, _NO_TOKENS],
)  # fmt: skip
unlink = Call(
    "unlinkIdentity", summary="Unlink a provider; never the last way in", tag=Tag.ACCOUNT,
    description="Needs a sign-in of the last five minutes.",
    answers={204: Answer()}, refuses=[*ACCESS_TOKEN_CODES, "fresh_sign_in_required", "not_found", "last_way_in"],
)  # fmt: skip
begin_link = Call(
    "linkIdentity", summary="Begin linking another provider", tag=Tag.ACCOUNT,
    description="Needs a sign-in of the last five minutes. Send the person's browser to the answer's address.",
    body=LinkFromInsideRequest, examples={"A provider": {"provider": "default"}},
    answers={200: Answer(LinkFromInsideAnswer, {"initiateUrl": f"{_HOME}/api/auth/oidc/initiate?link=flt_…"})},
    refuses=[*ACCESS_TOKEN_CODES, "oidc_not_enabled", "fresh_sign_in_required", "not_found", "throttled"],
)  # fmt: skip
