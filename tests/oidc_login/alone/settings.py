"""A project without `accounts`: Django's own users with integer keys, `oidc_login` beside them."""

import os

from environ import Env

SECRET_KEY = "tests-only-" * 8
ALLOWED_HOSTS = ["testserver"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "tests.oidc_login.alone.urls"
LOGIN_REDIRECT_URL = "/account/providers"
LOGIN_URL = "/login"
_URL = os.environ.get("DATABASE_URL")
DATABASES = {
    "default": (
        {**Env.db_url_config(_URL), "TEST": {"NAME": f"test_alone_{os.getpid()}"}}
        if _URL and not _URL.startswith("sqlite")
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    )
}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "fairlead.audit",
    "fairlead.credentials",
    "fairlead.web",
    "fairlead.idtokens",
    "fairlead.orgs",
    "oidc_login",
]
STATIC_URL = "/static/"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oidc_login.middleware.ProviderSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "oidc_login.backends.ProviderBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FAIRLEAD = {
    "ORIGIN": "http://testserver",
    "ENCRYPTION_KEYS": ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="],
    "PEOPLE": "tests.oidc_login.alone.people.People",
}
