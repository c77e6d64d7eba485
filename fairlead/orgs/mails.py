"""Mails of an organization, to its administrators and to whom it invites."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from fairlead.conf import conf
from fairlead.orgs.models import ApiKey, Invitation, Membership, Role
from fairlead.orgs.people import address_of, language_of
from fairlead.web import mails, seams


def invitation_page() -> str | None:
    """The path of the page on which invitations are accepted; None where no app brings one."""
    return next((path() for path in seams.invitation_page), None)


def invited(invitation: Invitation, *, raw_token: str, good_for: timedelta) -> None:
    """Mail the link. Raises ValueError where there is no page for it."""
    page = invitation_page()
    if page is None:
        raise ValueError("no app of this site has a page for invitations")
    mails.send(
        "fairlead/orgs/mails/invited.txt",
        kind="invited",
        to=invitation.email,
        language="",
        good_for=good_for,
        organization=invitation.organization.name,
        role=Role(invitation.role).label,
        url=f"{conf().origin}{page}?{urlencode({'token': raw_token})}",
    )


def administrators_changed(membership: Membership, *, role: Role | None) -> None:
    """Tell all administrators, and whom it is about, that somebody became one or is none any more.

    A stolen session that makes its own administrator is noticed by the others. `role` None: a member no more.
    """
    told = _administrators(membership.organization_id) | {address_of(membership.user): language_of(membership.user)}
    for address, language in sorted(told.items()):
        if not address:
            continue
        mails.send(
            "fairlead/orgs/mails/administrators_changed.txt",
            kind="administrators_changed",
            to=address,
            language=language,
            organization=membership.organization.name,
            person_email=address_of(membership.user),
            now_admin=role is Role.ADMIN,
        )


def key_made(key: ApiKey) -> None:
    """Tell all administrators of a new API key, by its recognisable start."""
    for address, language in sorted(_administrators(key.organization_id).items()):
        mails.send(
            "fairlead/orgs/mails/key_made.txt",
            kind="key_made",
            to=address,
            language=language,
            organization=key.organization.name,
            prefix=key.prefix,
        )


def _administrators(organization: UUID) -> dict[str, str]:
    """The address of each who has one, with the language that mails to them speak."""
    admins = Membership.objects.filter(organization=organization, ended_at=None, role=Role.ADMIN)
    people = [each.user for each in admins.select_related("user")]
    return {address_of(user): language_of(user) for user in people if address_of(user)}
