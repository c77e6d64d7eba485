"""What a person says about themselves: their name."""

from django.db import transaction

from accounts import changes
from accounts.errors import InvalidRequest
from accounts.models import User


def acceptable(name: str) -> str:
    """The name as it is kept. Raises InvalidRequest for one that is empty or has characters nobody sees."""
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise InvalidRequest(errors={"name": ["Enter a name of 1 to 150 visible characters."]})
    return name[:150]


def rename(user: User, name: str) -> None:
    """Take the person's own name; no provider overwrites it from now on. Raises InvalidRequest."""
    user.name, user.name_source = acceptable(name), User.NameSource.PERSON
    user.save(update_fields=["name", "name_source", "updated_at"])
    changes.people.changed(transaction.on_commit)
