"""django-allauth: its headless API behind a session token, and its sign-in through a provider."""

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.allauth.urls"
INSTALLED_APPS += [  # noqa: F405
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]  # noqa: F405
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
HEADLESS_CLIENTS = ["app"]
LOGIN_REDIRECT_URL = "/hello"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "bench",
                "name": "Bench",
                "client_id": CLIENT_ID,  # noqa: F405
                "secret": CLIENT_SECRET,  # noqa: F405
                "settings": {"server_url": ISSUER},  # noqa: F405
            }
        ],
    }
}
