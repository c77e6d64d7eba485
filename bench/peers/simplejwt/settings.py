"""djangorestframework-simplejwt: access tokens without and with a look at the user, and rotating refresh tokens."""

from datetime import timedelta

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.simplejwt.urls"
INSTALLED_APPS += ["rest_framework_simplejwt.token_blacklist"]  # noqa: F405
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=6),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
}
