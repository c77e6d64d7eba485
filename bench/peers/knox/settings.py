"""django-rest-knox: opaque tokens, of which the database has digests."""

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.knox.urls"
INSTALLED_APPS += ["knox"]  # noqa: F405
