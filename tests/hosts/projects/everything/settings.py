# Behind what the documentation says: what this project has that ours has not.
import os

TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "mails"
if os.environ.get("ISSUER"):
    FAIRLEAD |= {
        "OIDC_ENABLED": True,
        "OIDC_PROVIDER_NAME": "Demo provider",
        "OIDC_ISSUER_URL": os.environ["ISSUER"],
        "OIDC_CLIENT_ID": os.environ["CLIENT_ID"],
        "OIDC_CLIENT_SECRET": os.environ["CLIENT_SECRET"],
        "OIDC_PRIVATE_ORIGINS": [os.environ["ISSUER"].removesuffix("/o")],
    }
