"""Every way in which a sign-in through a provider can end badly.

    LoginRefused            the base; `code` is one of Code, `detail` says what to do next
      LinkConfirmation      the account's password is asked for first; carries the link code

The same exception becomes a redirect to /login at the callback and a problem document in the API. `cause` is for the
log alone: nothing that a provider wrote reaches a person.
"""

from fairlead.refusal import Refused
from oidc_login.codes import Code
from oidc_login.messages import explain


class LoginRefused(Refused):
    """A refusal with its code. `missing` names the claims that a provider did not send."""

    def __init__(self, code: Code, *, cause: str = "", missing: tuple[str, ...] = ()) -> None:
        message = explain(code, missing=missing)
        super().__init__(f"{message.cause} {message.remedy} {message.in_an_app}".rstrip())
        self.code: Code = code
        self.cause = cause
        self.missing = missing

    def __str__(self) -> str:
        return f"{self.code}: {self.cause}" if self.cause else str(self.code)


class LinkConfirmation(LoginRefused):
    """Nothing is linked yet: `link_code` and the account's password together will do it."""

    def __init__(self, link_code: str) -> None:
        super().__init__(Code.LINK_CONFIRMATION_REQUIRED)
        self.link_code = link_code
