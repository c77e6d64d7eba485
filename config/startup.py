"""What a production process must have before it starts. Refuses to start otherwise, naming the remedy."""

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.environment import DEFAULT_APP_URL, Environment

_NEW_SECRET = """python -c "import secrets; print(secrets.token_urlsafe(64))\""""
_NEW_ENCRYPTION_KEY = """python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())\""""
_PLACEHOLDERS = ("change", "insecure", "example", "secret-key", "placeholder", "your-")


def refuse_unsafe_production(environment: Environment) -> None:
    """Raise ImproperlyConfigured listing everything that is missing at once, not one at a time."""
    wrong = list(_secrets(environment))
    if not environment.development:
        wrong += _addresses(environment)
        if environment.metrics and not environment.metrics_token:
            wrong.append("METRICS is on without METRICS_TOKEN: set a token that the scraper sends as Bearer.")
    if wrong:
        raise ImproperlyConfigured("Fairlead does not start:\n" + "\n".join(f"  * {line}" for line in wrong))


def _secrets(environment: Environment) -> list[str]:
    wrong = []
    key = environment.secret_key
    if not key:
        wrong.append(f"SECRET_KEY is not set. Make one: {_NEW_SECRET}")
    elif _weak(key):
        wrong.append(f"SECRET_KEY is too short or a placeholder. Make one: {_NEW_SECRET}")
    wrong += [
        f"SECRET_KEY_FALLBACKS, key {position}, is too short or a placeholder: tokens made with it would be accepted."
        for position, fallback in enumerate(environment.secret_key_fallbacks, start=1)
        if _weak(fallback)
    ]
    if not environment.fairlead_encryption_keys:
        wrong.append(f"FAIRLEAD_ENCRYPTION_KEYS is not set. Make one: {_NEW_ENCRYPTION_KEY}")
    for position, each in enumerate(environment.fairlead_encryption_keys, start=1):
        try:
            Fernet(each)
        except ValueError:
            wrong.append(f"FAIRLEAD_ENCRYPTION_KEYS, key {position}, is no Fernet key. Make one: {_NEW_ENCRYPTION_KEY}")
    if wrong and not environment.development:
        wrong.append("To try Fairlead on this machine without setting anything, use: make run")
    return wrong


def _weak(key: str) -> bool:
    return len(key) < 50 or len(set(key)) < 10 or any(word in key.lower() for word in _PLACEHOLDERS)


def _addresses(environment: Environment) -> list[str]:
    wrong = []
    if environment.app_url == DEFAULT_APP_URL:
        wrong.append("APP_URL is not set. Set the address people use, such as https://login.example.org.")
    if any(not host.strip("*.") for host in environment.allowed_hosts):
        wrong.append("ALLOWED_HOSTS allows any host. Name the hosts, or leave it out: APP_URL's host is then the one.")
    return wrong
