"""What a production process must have before it starts. Refuses to start otherwise, naming the remedy."""

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.variables import DEFAULT_APP_URL, Environment

# Lines to paste into .env or a shell. Each value is printed by the command.
_NEW_SECRET = """SECRET_KEY=<the output of: python -c "import secrets; print(secrets.token_urlsafe(64))">"""
_NEW_ENCRYPTION_KEY = "FAIRLEAD_ENCRYPTION_KEYS=<the output of: python -m fairlead.newkey>"
_PLACEHOLDERS = ("change", "insecure", "example", "secret-key", "placeholder", "your-")


def refuse_unsafe_production(environment: Environment) -> None:
    """Raise ImproperlyConfigured listing everything that is missing at once, not one at a time."""
    wrong = list(_secrets(environment))
    if not environment.development:
        wrong += _addresses(environment)
        if environment.metrics and not environment.metrics_token:
            wrong.append(
                "METRICS is on without METRICS_TOKEN, which the scraper sends as Bearer. Add the line:"
                ' METRICS_TOKEN=<the output of: python -c "import secrets; print(secrets.token_urlsafe(32))">'
            )
    if wrong:
        raise ImproperlyConfigured("Fairlead does not start:\n" + "\n".join(f"  * {line}" for line in wrong))


def _secrets(environment: Environment) -> list[str]:
    wrong = []
    key = environment.secret_key
    if not key:
        wrong.append(f"SECRET_KEY is not set. Add the line: {_NEW_SECRET}")
    elif _weak(key):
        wrong.append(f"SECRET_KEY is too short or a placeholder. Replace it: {_NEW_SECRET}")
    wrong += [
        f"SECRET_KEY_FALLBACKS, key {position}, is too short or a placeholder: tokens made with it would be accepted."
        for position, fallback in enumerate(environment.secret_key_fallbacks, start=1)
        if _weak(fallback)
    ]
    if not environment.fairlead_encryption_keys:
        wrong.append(f"FAIRLEAD_ENCRYPTION_KEYS is not set. Add the line: {_NEW_ENCRYPTION_KEY}")
    for position, each in enumerate(environment.fairlead_encryption_keys, start=1):
        try:
            Fernet(each)
        except ValueError:
            wrong.append(f"FAIRLEAD_ENCRYPTION_KEYS, key {position}, is no Fernet key: {_NEW_ENCRYPTION_KEY}")
    if wrong and not environment.development:
        wrong.append("To try Fairlead on this machine without setting anything, use: make run")
    return wrong


def _weak(key: str) -> bool:
    return len(key) < 50 or len(set(key)) < 10 or any(word in key.lower() for word in _PLACEHOLDERS)


def _addresses(environment: Environment) -> list[str]:
    wrong = []
    if environment.app_url == DEFAULT_APP_URL:
        wrong.append("APP_URL is not set. Add the address that people use, such as: APP_URL=https://login.example.org")
    if any(not host.strip("*.") for host in environment.allowed_hosts):
        wrong.append("ALLOWED_HOSTS allows any host. Name the hosts, or leave it out: APP_URL's host is then the one.")
    return wrong
