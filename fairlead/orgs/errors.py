"""Why a call to the organization API is refused, apart from what Django REST framework itself says.

    OrganizationRefused
    |-- ApiKeyInvalid           401  unknown, mistyped, expired, revoked, or its organization is disabled
    |-- OrganizationRequired    400  the person belongs to several and named none
    `-- KeyCannotMakeKeys       403  a leaked key must not be able to outlive its revocation

Another tenant's object is DRF's NotFound, so that it reads like every other 404.
"""


class OrganizationRefused(Exception):
    problem = True
    code = "forbidden"
    detail = "This credential does not allow that."

    def __init__(self) -> None:
        super().__init__(self.detail)


class ApiKeyInvalid(OrganizationRefused):
    code = "api_key_invalid"
    detail = (
        "The API key is mistyped, unknown, expired or revoked, or its organization is disabled. Compare its start "
        "with the keys listed in the admin, or have a new one made."
    )
    challenge = 'Bearer error="invalid_token"'


class OrganizationRequired(OrganizationRefused):
    code = "organization_required"
    detail = "You belong to several organizations: name one by its id in the X-Organization-Id header."


class KeyCannotMakeKeys(OrganizationRefused):
    code = "key_cannot_make_keys"
    detail = "An API key cannot make or rotate keys. A member of the organization does that, signed in as a person."
