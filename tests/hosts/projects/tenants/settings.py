# Behind what the documentation says: what this project has that ours has not.
import os

INSTALLED_APPS += ["audit"]
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
if os.environ.get("POOLS_AT"):
    FAIRLEAD["POOL_PRIVATE_ORIGINS"] = [os.environ["POOLS_AT"]]
