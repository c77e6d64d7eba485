"""Settings of Django's own as their operator knows them. Ours are `fairlead.named_settings`."""

from django.core.exceptions import ImproperlyConfigured

from fairlead.conf import Source, conf


def of_django(key: str) -> Source:
    """The variable that a setting of Django's is made from, where there is one: `DATABASES` is DATABASE_URL here."""
    try:
        sources = conf().sources or {}
    except ImproperlyConfigured:
        sources = {}
    return Source(*sources.get(key, (key, "settings")))


def name(key: str) -> str:
    """`DATABASE_URL (.env)`: the name and where its value stands."""
    found = of_django(key)
    return f"{found.name} ({found.place})"
