"""The settings of the test suite, with the bench's own views and without limits."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
LOG_LEVEL = "CRITICAL"
FAIRLEAD = {**FAIRLEAD, "RATE_LIMITS": False}  # noqa: F405
