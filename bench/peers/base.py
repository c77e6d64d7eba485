"""What a new Django project has, with the database of the run. Each peer's settings begin with these."""

import os

import environ

SECRET_KEY = "the bench only: qpwoeiruty-alskdjfhg-zmxncbv-1029384756"
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG = False
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The address of the identity provider of the run.
ISSUER = os.environ.get("BENCH_ISSUER", "http://127.0.0.1:9")
CLIENT_ID, CLIENT_SECRET = "client-1", "a secret of the bench"

DATABASES = {"default": environ.Env.db_url_config(os.environ.get("DATABASE_URL", "sqlite://:memory:"))}
DATABASES["default"] |= {"CONN_MAX_AGE": 600}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
]
# Those that `startproject` writes.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
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
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
