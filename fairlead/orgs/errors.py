"""Why a call to the organization API is refused, apart from what Django REST framework itself says.

    OrganizationRefused
    |-- ApiKeyInvalid           401  unknown, mistyped, expired, revoked, or its organization is disabled
    |-- OrganizationRequired    400  the person belongs to several and named none
    |-- NoSuchOrganization      404  the one that is named is another's, disabled, or does not exist: never said which
    |-- KeyCannotMakeKeys       403  a leaked key must not be able to outlive its revocation
    |-- FreshSignInRequired     403  the person signed in more than five minutes ago
    |-- OrganizationInvalid     400  a name or slug that no organization may have
    |-- SlugIsTaken             409  another organization has, or had, it
    |-- NoSuchMember            404  left, or was removed, meanwhile
    |-- LastAdmin               409  the organization would have no administrator who can sign in
    |-- InvitationInvalid       400  unknown, used, expired, withdrawn, nobody vouches for it: never said which
    |-- WrongAddress            403  the invitation is for another address than the account's
    `-- AlreadyMember           409

Another tenant's object inside an organization is DRF's NotFound, so that it reads like every other 404.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from fairlead.refusal import Refused


class OrganizationRefused(Refused):
    code = "forbidden"
    cause_id = "call.forbidden"
    detail = gettext_noop("This credential does not allow that. Somebody with another role may do it, or change yours.")


class ApiKeyInvalid(OrganizationRefused):
    code = "api_key_invalid"
    cause_id = "api_key.unknown"
    detail = gettext_noop(
        "The API key is mistyped, unknown, expired or revoked, or its organization is disabled. Compare its start "
        "with the keys listed in the admin, or have a new one made."
    )
    challenge = 'Bearer error="invalid_token"'


class OrganizationRequired(OrganizationRefused):
    code = "organization_required"
    cause_id = "organization.not_named"
    detail = gettext_noop("You belong to several organizations: name one by its id in the X-Organization-Id header.")


class NoSuchOrganization(OrganizationRefused):
    code = "not_found"
    cause_id = "organization.unknown"
    detail = gettext_noop("Nothing with this address or id exists here. Compare it with the list.")


class KeyCannotMakeKeys(OrganizationRefused):
    code = "key_cannot_make_keys"
    cause_id = "api_key.makes_no_keys"
    detail = gettext_noop(
        "An API key cannot make or rotate keys. A member of the organization does that, signed in as a person."
    )


class FreshSignInRequired(OrganizationRefused):
    code = "fresh_sign_in_required"
    cause_id = "sign_in.not_fresh"
    detail = gettext_noop("Sign in again, then repeat this within five minutes.")


class OrganizationInvalid(OrganizationRefused):
    code = "invalid_request"
    cause_id = "request.unreadable"
    detail = gettext_noop("Look at `errors`: it says what to change in each field.")

    def __init__(self, *, errors: Mapping[str, Any]) -> None:
        super().__init__()
        self.errors = errors


class SlugIsTaken(OrganizationRefused):
    code = "slug_taken"
    cause_id = "organization.slug_taken"
    detail = gettext_noop("Another organization has, or had, this slug. Choose another.")


class NoSuchMember(OrganizationRefused):
    code = "not_found"
    cause_id = "call.not_found"
    detail = gettext_noop("Nothing with this address or id exists here. Compare it with the list.")


class LastAdmin(OrganizationRefused):
    code = "last_admin"
    cause_id = "organization.last_admin"
    detail = gettext_noop("The organization would have no administrator left. Make somebody else one first.")


class InvitationInvalid(OrganizationRefused):
    code = "invitation_invalid"
    cause_id = "invitation.unknown"
    detail = gettext_noop("This invitation was accepted already, has expired, or was withdrawn. Ask for a new one.")


class WrongAddress(OrganizationRefused):
    code = "wrong_address"
    cause_id = "invitation.wrong_address"
    detail = gettext_noop("The invitation is for another address. Sign in with the account that has it.")


class AlreadyMember(OrganizationRefused):
    code = "already_member"
    cause_id = "invitation.of_a_member"
    detail = gettext_noop("This person is a member of the organization already.")


# The sentences of `slugs`, which knows no Django, marked here for translation.
SLUG_SENTENCES = (
    gettext_noop("Use 3 to 40 small letters a to z, digits and hyphens."),
    gettext_noop("Begin and end it with a letter or a digit."),
    gettext_noop("This word is taken by the service itself. Choose another."),
)
