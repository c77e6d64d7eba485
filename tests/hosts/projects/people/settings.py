# Behind what the documentation says: what this project has that ours has not.
import os

INSTALLED_APPS += ["accounts"]
AUTH_USER_MODEL = "accounts.User"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
if os.environ.get("ISSUER"):
    FAIRLEAD |= {
        "OIDC_ENABLED": True,
        "OIDC_PROVIDER_NAME": "Demo provider",
        "OIDC_ISSUER_URL": os.environ["ISSUER"],
        "OIDC_CLIENT_ID": os.environ["CLIENT_ID"],
        "OIDC_CLIENT_SECRET": os.environ["CLIENT_SECRET"],
        "OIDC_PRIVATE_ORIGINS": [os.environ["ISSUER"].removesuffix("/o")],
    }
