"""The settings of the test suite, with the bench's own two views and a database of its own."""

import os

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
LOG_LEVEL = "CRITICAL"
FAIRLEAD = {**FAIRLEAD, "RATE_LIMITS": False}  # noqa: F405
DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]  # noqa: F405
