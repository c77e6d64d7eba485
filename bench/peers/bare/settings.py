"""Django with nothing in front of its view."""

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.bare.urls"
MIDDLEWARE = []
