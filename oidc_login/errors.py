"""Every way in which a sign-in through a provider can end badly.

    Refused
    |-- LoginRefused          its cause says what is wrong; `code` and `detail` follow from it
        |-- LinkConfirmation  the account's password is asked for first; carries the link code
    PersonRefused             where the site has no accounts of ours
    |-- InvalidCredentials
    |-- NotActive

The same exception becomes a redirect to /login at the callback and a problem document in the API. The cause's facts are
for operators: nothing that a provider wrote reaches a person.
"""

from typing import Any, Self

from django.utils.translation import gettext_noop

from fairlead.causes import Cause, Fact, cause, told
from fairlead.person_refusals import PersonRefused
from fairlead.refusal import Refused
from oidc_login.codes import Code


class LoginRefused(Refused):
    """A refusal: `LoginRefused("token_endpoint.status", status=400)`. Raises KeyError for an id not in the table.

    `ends_at` is the origin where the refused sign-in ends, where that is known.
    """

    def __init__(self, why: str | Cause, *, ends_at: str = "", **facts: Fact) -> None:
        self.cause: Cause = why if isinstance(why, Cause) else cause(why, **facts)
        message = told(self.cause.code, missing=self.missing)
        super().__init__(f"{message.cause} {message.remedy} {message.in_an_app}".rstrip())
        self.code: Code = Code(self.cause.code)
        self.ends_at = ends_at
        self.person: Any = None
        self.address = self.provider = ""

    def about(self, *, person: Any = None, address: str = "", provider: str = "") -> Self:
        """Itself, with what the record is to know: the account, the address that was said, the provider's id."""
        self.person, self.address, self.provider = person, address, provider
        return self

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


class InvalidCredentials(PersonRefused):
    code = "invalid_credentials"
    cause_id = "password.not_this_persons"
    detail = gettext_noop("The password is wrong. Check it and try again.")


class NotActive(PersonRefused):
    """`status` is pending or suspended."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self.code, self.cause_id = f"account_{status}", f"account.{status}"
