"""Why an app user's call is refused before the token is looked at.

    ClientRefused
    |-- UnknownClient    401  no application client has this id here, or its organization is disabled
    `-- ClientRequired   400  no client is named, and the token is not one of a hosted pool

What is wrong with a token is `idtokens.errors.TokenRefused`.
"""


class ClientRefused(Exception):
    problem = True
    code = "unknown_client"
    detail = "No application client has this id. Send the id of an SDK client of kind application in X-Client-Id."

    def __init__(self) -> None:
        super().__init__(self.detail)


class UnknownClient(ClientRefused):
    pass


class ClientRequired(ClientRefused):
    code = "client_required"
    detail = "Name the SDK client in the X-Client-Id header. Only a token that a hosted pool issued needs none."
