"""Settings of the test suite: fixed secrets, no `.env`, no cost for passwords. Databases and caches come from outside."""

import os

_DEFAULTS = {
    "ENV_FILE": os.devnull,
    "FAIRLEAD_ENV": "production",
    "APP_URL": "http://testserver",
    "SECRET_KEY": "tests-only-qpwoeiruty-alskdjfhg-zmxncbv-1029384756-abcdefgh",
    "FAIRLEAD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "DATABASE_URL": "",
    # A machine that is busy with tests is no database that hangs.
    "DATABASE_SECONDS": "60",
    "LOG_FORMAT": "plain",
    "EMAIL_URL": "memorymail://",
}
for _name, _value in _DEFAULTS.items():
    os.environ.setdefault(_name, _value)

from config.settings import *  # noqa: E402, F403

if "sqlite3" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file, as in production: threads of the parallel tests then lock and wait as processes do.
    DATABASES["default"]["TEST"] = {"NAME": str(ROOT / "var" / "tests.sqlite3")}  # noqa: F405
if "OPTIONS" in CACHES["default"]:  # noqa: F405
    # A machine that is busy with tests is no cache that is gone.
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 20, "socket_timeout": 20}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# In the request's own thread: a test sees the mail, and its database.
FAIRLEAD = {**FAIRLEAD, "MAIL_IN_BACKGROUND": False}  # noqa: F405
