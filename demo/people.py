"""The people of the demonstration: those who exist at the provider, and the local accounts some of them meet.

Shared by the provider (which keeps the first list) and by the service's demo data (which keeps the second). No Django.
"""

import uuid
from dataclasses import dataclass

PROVIDER_PASSWORD = "open-sesame-there"
LOCAL_PASSWORD = "open-sesame-here"


@dataclass(frozen=True, kw_only=True)
class ProviderPerson:
    email: str
    name: str
    what_happens: str
    email_verified: bool = True
    picture: bool = False

    @property
    def subject(self) -> uuid.UUID:
        """The same on every machine and after every reset: a new subject would be another person to the service."""
        return subject_of(self.email)


@dataclass(frozen=True, kw_only=True)
class LocalPerson:
    email: str
    name: str
    administrator: bool = False


AT_THE_PROVIDER = (
    ProviderPerson(
        email="person@example.org",
        name="Demo Person",
        picture=True,
        what_happens="gets an account at the first sign-in, with name and picture",
    ),
    ProviderPerson(
        email="unverified@example.org",
        name="Unverified Person",
        email_verified=False,
        what_happens="is refused: the provider never checked this e-mail address",
    ),
    ProviderPerson(
        email="colleague@example.org",
        name="Demo Colleague",
        picture=True,
        what_happens="has a local account with this verified e-mail: the two are linked",
    ),
    ProviderPerson(
        email="careful@example.org",
        name="Careful Person",
        email_verified=False,
        what_happens="has a local account too, but the e-mail proves nothing: the local password is asked for",
    ),
    ProviderPerson(
        email="admin@example.org",
        name="Demo Administrator",
        what_happens="is the local administrator: the local password is asked for once, as of all staff",
    ),
)

LOCAL_ACCOUNTS = (
    LocalPerson(email="local@example.org", name="Local Person"),
    LocalPerson(email="colleague@example.org", name="Demo Colleague"),
    LocalPerson(email="careful@example.org", name="Careful Person"),
    LocalPerson(email="admin@example.org", name="Demo Administrator", administrator=True),
)


def subject_of(email: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{email}")
