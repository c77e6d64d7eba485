"""What the people's side refuses, wherever a host's users come from. The seam itself is `fairlead.people`."""

from typing import Any

from django.utils.translation import gettext_noop

from fairlead.refusal import Refused


class PersonRefused(Refused):
    """A refusal of the people's side."""

    code = "forbidden"
    detail = gettext_noop("This account does not allow that.")
    person: Any = None
    """Whom it is about (or their id), for the record."""


class SeveralAccounts(PersonRefused):
    """Two accounts have one address, in whatever spelling: nobody can tell which of them is meant."""

    code = "link_requires_sign_in"
    detail = gettext_noop(
        "Several accounts have this address. Sign in the way you already do, then link the provider there."
    )


class NotAPicture(PersonRefused):
    """What was sent as a picture is none that we decode."""

    code = "invalid_request"
    detail = gettext_noop("Send a JPEG, PNG, WebP or GIF picture of at most 5 MiB.")


class PictureNotStored(PersonRefused):
    """The picture is good; where pictures are kept does not take it."""

    code = "unavailable"
    detail = gettext_noop("Pictures cannot be kept at the moment. Try again in a few minutes.")
    retry_after = 60
