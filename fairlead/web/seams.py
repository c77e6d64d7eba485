"""What apps bring to each other without knowing each other. Each app fills these in its `ready()`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

from fairlead.registry import Registry

# Parts of the account page: functions of the request that give HTML, or nothing.
account_sections: Registry[Callable[[HttpRequest], str]] = Registry()
# Further ways to sign out, on the account page: functions of the request that give HTML, or nothing.
sign_out_choices: Registry[Callable[[HttpRequest], str]] = Registry()
# Whether anybody could sign in without a password: then, and only then, passwords can be turned off.
other_ways_in: Registry[Callable[[], bool]] = Registry()
# DRF authentication classes that recognise a person by an access token: `/org/...` asks them for members. One with a
# method `authenticated_at(request)` tells when the person last proved who they are; without it nobody counts as fresh.
member_authentication: Registry[type[Any]] = Registry()
# When people were last seen: functions of their keys that give {key: moment}, without whom they do not know.
last_seen: Registry[Callable[[Collection[Any]], Mapping[Any, datetime]]] = Registry()
# To which organizations a person belongs: functions of the person that give {id, slug, name, role} for each.
organizations_of: Registry[Callable[[Any], Sequence[Mapping[str, str]]]] = Registry()
# Invitations to organizations, for whoever signs people in: `look`, `require_acceptable`, `accept` of
# `fairlead.orgs.invitations`. Empty on a site without organizations.
invitations: Registry[Any] = Registry()
# Where the page is on which invitations are accepted: functions that give its path.
invitation_page: Registry[Callable[[], str]] = Registry()
# Where the page is that shows account_sections: functions that give its path. Without one, apps show their own parts.
account_page: Registry[Callable[[], str]] = Registry()
# What sessions remember a provider by, and its name for people: functions that give {id: name}.
provider_names: Registry[Callable[[], Mapping[str, str]]] = Registry()
# Who remembers for a signed-in person which language they chose: functions of the request and the language's code.
language_chosen: Registry[Callable[[HttpRequest, str], None]] = Registry()
# What is past its time: functions of now that delete it and say how many rows went. `manage.py clear_expired`.
expired: Registry[Callable[[datetime], int]] = Registry()


class SignInStep(Protocol):
    """What an app adds to the sign-in page."""

    def before(self, request: HttpRequest) -> HttpResponse | None:
        """An answer instead of the page, for a request that is this app's: a code of a callback, say."""

    def context(self, request: HttpRequest) -> Mapping[str, Any]:
        """What the page shows: `providers` (dicts with name and initiate_url), `notice` (message and error_id)."""


sign_in_steps: Registry[SignInStep] = Registry()
