"""mozilla-django-oidc: its DRF class, which asks the provider who it is at each request, and its sign-in."""

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.mozilla.urls"
INSTALLED_APPS += ["mozilla_django_oidc"]  # noqa: F405
AUTHENTICATION_BACKENDS = ["mozilla_django_oidc.auth.OIDCAuthenticationBackend"]
OIDC_RP_CLIENT_ID, OIDC_RP_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET  # noqa: F405
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "openid email profile"
OIDC_USE_PKCE = True
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{ISSUER}/authorize"  # noqa: F405
OIDC_OP_TOKEN_ENDPOINT = f"{ISSUER}/token"  # noqa: F405
OIDC_OP_USER_ENDPOINT = f"{ISSUER}/userinfo"  # noqa: F405
OIDC_OP_JWKS_ENDPOINT = f"{ISSUER}/keys"  # noqa: F405
LOGIN_REDIRECT_URL = "/hello"
LOGIN_REDIRECT_URL_FAILURE = "/failed"
