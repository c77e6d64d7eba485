"""Django settings, made from `config.environment` and nothing else."""

import logging
import tomllib
from email.utils import formataddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF

from config import environment, mail, services
from config.startup import refuse_unsafe_production
from fairlead.web import languages, tags

ROOT = environment.ROOT
ENVIRONMENT = environment.read()
DEVELOPMENT = ENVIRONMENT.development
refuse_unsafe_production(ENVIRONMENT)

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
# What the packages read: docs/settings.md.
FAIRLEAD = ENVIRONMENT.fairlead()
FAIRLEAD["SOURCES"] |= {
    key: (name, ENVIRONMENT.sources.get(name, "default")) for key, name in services.VARIABLES.items()
}

# Where we are. No URL that we build takes anything from the request's Host or forwarded headers.
APP_URL = ENVIRONMENT.app_url
ON_HTTPS = APP_URL.startswith("https://")
_HOST = urlsplit(APP_URL).hostname or ""
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts) or [_HOST]
if DEVELOPMENT and not ENVIRONMENT.allowed_hosts:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "csp",
    "fairlead.audit",
    "fairlead.credentials",
    "fairlead.web",
    "fairlead.idtokens",
    "fairlead.orgs",
    "userpools",
    "sdkclients",
    "accounts",
    "oidc_login",
    "config.apps.ProjectConfig",
]

MIDDLEWARE = [
    "fairlead.web.middleware.RequestIdMiddleware",
    "fairlead.web.middleware.PlainCookiesMiddleware",
    "fairlead.web.middleware.SecurityHeadersMiddleware",
    "config.page_middleware.ContentSecurityPolicyMiddleware",
    "config.proxy_loop.ProxyLoopMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.page_middleware.PageSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.page_middleware.PageAuthenticationMiddleware",
    "config.page_middleware.PageOpenSessionMiddleware",
    "config.page_middleware.PageMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": services.database(
        ENVIRONMENT.database_url or f"sqlite:///{quote(str(ROOT / 'var' / 'fairlead.sqlite3'))}",
        seconds=ENVIRONMENT.database_seconds,
        pooler=ENVIRONMENT.database_pooler,
    ),
}
services.make_folder(DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {"default": services.cache(ENVIRONMENT.cache_url or "locmemcache://")}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PasswordBackend",
    "oidc_login.backends.ProviderBackend",
]
# The first hashes new passwords. The others are those of people who moved in: each is hashed anew at its next sign-in.
PASSWORD_HASHERS = [
    "accounts.passwords.hashing.OwaspArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
if find_spec("bcrypt"):
    PASSWORD_HASHERS += [
        "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
        "django.contrib.auth.hashers.BCryptPasswordHasher",
    ]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "accounts.passwords.new_password.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:account"
LOGOUT_REDIRECT_URL = "accounts:login"

# Our views carry the rest themselves: fairlead.web.views.Api.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {
    "TITLE": ENVIRONMENT.site_name,
    "DESCRIPTION": "Signs people in, and tells an application's API who is calling.",
    "VERSION": tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "CAMELIZE_NAMES": False,
    "TAGS": [{"name": tag.value, "description": meaning} for tag, meaning in tags.MEANING.items()],
}

# Sessions, cookies, headers
SESSION_ENGINE = "fairlead.web.browser_sessions"
SESSION_COOKIE_NAME = "__Host-fairlead-session" if ON_HTTPS else "fairlead-session"
SESSION_COOKIE_SECURE = ON_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-fairlead-csrf" if ON_HTTPS else "fairlead-csrf"
CSRF_COOKIE_SECURE = ON_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [APP_URL]
CSRF_FAILURE_VIEW = "fairlead.web.error_pages.csrf_failure"
SECURE_SSL_REDIRECT = ON_HTTPS
SECURE_SSL_HOST = urlsplit(APP_URL).netloc if ON_HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ON_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SECURE_CONTENT_TYPE_NOSNIFF = True
# The exchange code travels in the query of /login: no page may hand its address on to another site. Not "no-referrer":
# browsers then send "Origin: null" with our own forms, and the CSRF check refuses them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    },
}
CORS_ALLOWED_ORIGINS = sorted({*ENVIRONMENT.front_ends, *ENVIRONMENT.cors_allowed_origins} - {APP_URL})
CORS_ALLOW_CREDENTIALS = False
# Not where proxies ask whether to let somebody through: the answer to a preflight would be a yes.
CORS_URLS_REGEX = r"^/(api/auth|app(?!/authorize)|org)/.*$"
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "x-client-id", "x-organization-id", "x-request-id"]
CORS_EXPOSE_HEADERS = ["X-Request-Id", "Retry-After", "WWW-Authenticate"]

# Bodies: 64 KiB everywhere but the picture upload, which reads its own bounded stream (5 MiB).
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "accounts.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]

LANGUAGES = [(code, languages.NAMES[code]) for code in ENVIRONMENT.languages]
LANGUAGE_CODE = ENVIRONMENT.languages[0]
LANGUAGE_COOKIE_NAME = "__Host-fairlead-language" if ON_HTTPS else "fairlead-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = ON_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
# Served straight from the apps' folders, with validators: nothing to collect, nothing to forget at an upgrade.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = Path(ENVIRONMENT.media_root) if ENVIRONMENT.media_root else ROOT / "uploads"
MEDIA_URL = "/uploads/"
STORAGES = {
    "default": services.uploads(ENVIRONMENT.uploads_url)
    if ENVIRONMENT.uploads_url
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Printed where somebody tries things out; a production log is no place for mailed links.
_MAIL = services.mail(ENVIRONMENT.email_url or "consolemail://")
_MAILED = ENVIRONMENT.email_url or DEVELOPMENT
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"] if _MAILED else mail.NOT_CONFIGURED
EMAIL_FILE_PATH = _MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST = _MAIL["EMAIL_HOST"]
EMAIL_PORT = _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _MAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _MAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.default_from_email or formataddr((ENVIRONMENT.site_name, f"no-reply@{_HOST}"))
EMAIL_SUBJECT_PREFIX = ""

METRICS = ENVIRONMENT.metrics
METRICS_TOKEN = ENVIRONMENT.metrics_token

LOGGING_CONFIG = None
LOG_FORMAT = ENVIRONMENT.log_format
LOG_LEVEL = ENVIRONMENT.log_level.upper()

logging.captureWarnings(True)
# HSTS for subdomains and preloading bind hosts that are not ours: that is for whoever owns the domain, at their proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
