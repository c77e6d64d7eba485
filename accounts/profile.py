"""What a person says about themselves: their name."""

from django.db import transaction
from django.utils.translation import gettext

from accounts import changes
from accounts.errors import InvalidRequest
from accounts.models import User

MAX_LENGTH = 150


def acceptable(name: str) -> str:
    """The name that a person typed, as it is kept. Raises InvalidRequest for one with characters nobody sees."""
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise InvalidRequest(errors={"name": [gettext("Enter a name of 1 to 150 visible characters.")]})
    return name[:MAX_LENGTH]


def cleaned(name: str) -> str:
    """A name that somebody else sent, for display: without what nobody sees, or the database would refuse.

    Not refused: a NUL in a directory's display name would lock its person out.
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(visible.split())[:MAX_LENGTH]


def rename(user: User, name: str) -> None:
    """Take the person's own name; no provider overwrites it from now on. Raises InvalidRequest."""
    user.name, user.name_source = acceptable(name), User.NameSource.PERSON
    with transaction.atomic():
        user.save(update_fields=["name", "name_source", "updated_at"])
        changes.people.changed(transaction.on_commit)
