"""Settings of the demo provider. Everything it keeps lies in one folder, DEMO_PROVIDER_STATE."""

import os
from pathlib import Path

from demo.provider import keys, secrets_at_rest

STATE = Path(os.environ.get("DEMO_PROVIDER_STATE") or Path(__file__).resolve().parents[2] / "var" / "demo-provider")
PORT = int(os.environ.get("DEMO_PROVIDER_PORT") or 9000)
ORIGIN = f"http://127.0.0.1:{PORT}"
ISSUER = f"{ORIGIN}/o"
# Key rotation and counters over HTTP, for the tests that start this provider. Never on under `make run`.
CONTROL = os.environ.get("DEMO_PROVIDER_CONTROL") == "on"

STATE.mkdir(parents=True, exist_ok=True)
SECRET_KEY = secrets_at_rest.kept(STATE / "secret-key")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "demo.provider.urls"
WSGI_APPLICATION = "demo.provider.wsgi.application"

INSTALLED_APPS = [
    "demo.provider.apps.DemoProviderConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "oauth2_provider",
]
MIDDLEWARE = [
    "demo.provider.middleware.FreshKeysMiddleware",
    "demo.provider.middleware.CountingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE / "provider.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "demo_provider.Person"
LOGIN_URL = "/login"
USE_TZ = True

# Cookies do not know about ports: these names must differ from the service's, also where both are on one host.
SESSION_COOKIE_NAME = "demo-provider-session"
CSRF_COOKIE_NAME = "demo-provider-csrf"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": ISSUER,
    "OIDC_RSA_PRIVATE_KEY": keys.current(STATE),
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "ACCESS_TOKEN_GENERATOR": "demo.provider.access_tokens.generate",
    "REFRESH_TOKEN_GENERATOR": "demo.provider.access_tokens.generate_refresh_token",
    "OAUTH2_VALIDATOR_CLASS": "demo.provider.validator.DemoValidator",
    "SCOPES": {
        "openid": "who you are",
        "email": "your e-mail address",
        "profile": "your name and picture",
        "introspection": "ask about tokens",
    },
    "DEFAULT_SCOPES": ["openid"],
    "ID_TOKEN_EXPIRE_SECONDS": 300,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    "OIDC_JWKS_MAX_AGE_SECONDS": 300,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "provider: %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
