"""Every way in which a sign-in through a provider can end badly.

    Refused
    |-- LoginRefused          its cause says what is wrong; `code` and `detail` follow from it
        |-- LinkConfirmation  the account's password is asked for first; carries the link code

The same exception becomes a redirect to /login at the callback and a problem document in the API. The cause's facts are
for operators: nothing that a provider wrote reaches a person.
"""

from fairlead.causes import Cause, Fact, cause
from fairlead.refusal import Refused
from oidc_login.codes import Code
from oidc_login.messages import explain


class LoginRefused(Refused):
    """A refusal: `LoginRefused("token_endpoint.status", status=400)`. Raises KeyError for an id not in the table."""

    def __init__(self, why: str | Cause, **facts: Fact) -> None:
        self.cause: Cause = why if isinstance(why, Cause) else cause(why, **facts)
        message = explain(Code(self.cause.code), missing=self.missing)
        super().__init__(f"{message.cause} {message.remedy} {message.in_an_app}".rstrip())
        self.code: Code = Code(self.cause.code)

    def __str__(self) -> str:
        return str(self.cause)

    @property
    def missing(self) -> tuple[str, ...]:
        """The claims that a provider did not send."""
        return tuple(name for name in str(self.cause.facts.get("missing", "")).split(",") if name)


class LinkConfirmation(LoginRefused):
    """Nothing is linked yet: `link_code` and the account's password together will do it."""

    def __init__(self, link_code: str) -> None:
        super().__init__("linking.password_wanted")
        self.link_code = link_code
