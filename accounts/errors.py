"""What accounts refuse, and with which code.

    AccountsError            code, detail (safe to show, says what to do next), optional field errors
      InvalidRequest         400  fields that are wrong, by name
      InvalidCredentials     401  unknown e-mail, wrong password, no password: never said which
      TokenRefused           401  an access token of ours that does not count (any more)
      RefreshTokenInvalid    401
      AccountPending, AccountSuspended, SignupDisabled, PasswordLoginDisabled, FreshSignInRequired,
      SignInToVerify         403
      PasswordNotAvailable   400
      EmailTaken             409
      NotAPicture            400
        DecodingIsFull       429
      PictureNotStored       503

The statuses stand in the site's one table of codes.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.utils.translation import gettext_noop

from fairlead import person_refusals
from fairlead.causes import SET_TO, TABLE


class AccountsError(person_refusals.PersonRefused):
    code = "invalid_request"
    detail = gettext_noop("The request could not be understood.")

    def __init__(
        self, detail: str = "", *, errors: Mapping[str, Sequence[str]] | None = None, cause_id: str = ""
    ) -> None:
        super().__init__(detail)
        self.cause_id = cause_id or type(self).cause_id
        self.errors = {name: list(messages) for name, messages in errors.items()} if errors else None
        if errors and self.cause_id == InvalidRequest.cause_id:
            self.facts = {"fields": ",".join(sorted(errors))}


class InvalidRequest(AccountsError):
    cause_id = "request.fields"
    facts = MappingProxyType({"fields": ""})
    detail = gettext_noop("Correct the fields named in errors and send the request again.")


class InvalidCredentials(AccountsError):
    code = "invalid_credentials"
    cause_id = "password.not_this_persons"
    detail = gettext_noop(
        "E-mail or password is wrong. Check both; if you signed up through a provider, sign in there."
    )


class TokenRefused(AccountsError):
    """`code` is one of the token codes; RFC 6750 3.1 names them all invalid_token."""

    challenge = 'Bearer error="invalid_token"'

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        known = f"access.{code}"
        super().__init__(detail, cause_id=known if known in TABLE else "")


class RefreshTokenInvalid(AccountsError):
    code = "refresh_token_invalid"
    cause_id = "refresh_token.unknown"
    detail = gettext_noop("Sign in again: this refresh token was used up, ended or never valid.")


class AccountPending(AccountsError):
    code = "account_pending"
    cause_id = "account.pending"
    detail = gettext_noop("An administrator has to approve this account first. You get an e-mail when that happens.")


class AccountSuspended(AccountsError):
    code = "account_suspended"
    cause_id = "account.suspended"
    detail = gettext_noop("This account was suspended. Ask an administrator.")


class _Ruled(AccountsError):
    """A rule of the site says no. `settings` are those that say so, with value and source, for its operator."""

    def __init__(self, detail: str = "", *, settings: Sequence[str] = (), cause_id: str = "") -> None:
        super().__init__(detail, cause_id=cause_id)
        self.facts = {SET_TO: ", ".join(settings)} if settings else {}


class SignupDisabled(_Ruled):
    code = "signup_disabled"
    cause_id = "registration.closed"
    detail = gettext_noop("New accounts are not open for registration here. Ask an administrator for one.")


class PasswordLoginDisabled(_Ruled):
    code = "password_login_disabled"
    cause_id = "password.disabled"
    detail = gettext_noop("Sign-in by password is turned off here. Sign in through a provider.")


class FreshSignInRequired(AccountsError):
    code = "fresh_sign_in_required"
    cause_id = "sign_in.not_fresh"
    detail = gettext_noop("Sign in through your provider again, then repeat this within five minutes.")


class SignInToVerify(AccountsError):
    """Following a link proves the mailbox, not that the account is theirs."""

    code = "sign_in_to_verify"
    cause_id = "mailed_link.sign_in_first"
    detail = gettext_noop("Sign in to the account, or give its password, and follow the link again. It is still good.")


class SignInFirst(AccountsError):
    """The invitation's address has an account, and holding the link does not prove to be its holder."""

    code = "not_authenticated"
    cause_id = "invitation.sign_in_first"
    detail = gettext_noop("This address has an account. Sign in to it, then accept the invitation.")


class PasswordNotAvailable(AccountsError):
    code = "password_not_available"
    cause_id = "password.not_set"
    detail = gettext_noop("This account has no password. Set a first one instead.")


class EmailTaken(AccountsError):
    code = "email_taken"
    cause_id = "registration.address_taken"
    detail = gettext_noop("An account with this e-mail address exists. Sign in, or reset its password.")


class NotAPicture(AccountsError, person_refusals.NotAPicture):
    code = "invalid_request"
    cause_id = "picture.unusable"
    detail = gettext_noop("Send a JPEG, PNG, WebP or GIF picture of at most 5 MiB.")


class DecodingIsFull(NotAPicture):
    """A sign-in through a provider goes on without the picture."""

    code = "throttled"
    cause_id = "picture.crowded"
    detail = gettext_noop("Other pictures are being read just now. Send it again in a moment.")
    retry_after = 3


class PictureNotStored(AccountsError, person_refusals.PictureNotStored):
    code = "unavailable"
    detail = gettext_noop("Pictures cannot be kept at the moment. Try again in a few minutes.")
    retry_after = 60
