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

The statuses stand in the site's one table of codes.
"""

from collections.abc import Mapping, Sequence

from fairlead import people


class AccountsError(people.PersonRefused):
    code = "invalid_request"
    detail = "The request could not be understood."

    def __init__(self, detail: str = "", *, errors: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(detail)
        self.errors = {name: list(messages) for name, messages in errors.items()} if errors else None


class InvalidRequest(AccountsError):
    detail = "Correct the fields named in errors and send the request again."


class InvalidCredentials(AccountsError):
    code = "invalid_credentials"
    detail = "E-mail or password is wrong. Check both; if you signed up through a provider, sign in there."


class TokenRefused(AccountsError):
    """`code` is one of the token codes; RFC 6750 3.1 names them all invalid_token."""

    challenge = 'Bearer error="invalid_token"'

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


class RefreshTokenInvalid(AccountsError):
    code = "refresh_token_invalid"
    detail = "Sign in again: this refresh token was used up, ended or never valid."


class AccountPending(AccountsError):
    code = "account_pending"
    detail = "An administrator has to approve this account first. You get an e-mail when that happens."


class AccountSuspended(AccountsError):
    code = "account_suspended"
    detail = "This account was suspended. Ask an administrator."


class SignupDisabled(AccountsError):
    code = "signup_disabled"
    detail = "New accounts are not open for registration here. Ask an administrator for one."


class PasswordLoginDisabled(AccountsError):
    code = "password_login_disabled"
    detail = "Sign-in by password is turned off here. Sign in through a provider."


class FreshSignInRequired(AccountsError):
    code = "fresh_sign_in_required"
    detail = "Sign in through your provider again, then repeat this within five minutes."


class SignInToVerify(AccountsError):
    """Following a link proves the mailbox, not that the account is theirs."""

    code = "sign_in_to_verify"
    detail = "Sign in to the account, or give its password, and follow the link again. It is still good."


class PasswordNotAvailable(AccountsError):
    code = "password_not_available"
    detail = "This account has no password. Set a first one instead."


class EmailTaken(AccountsError):
    code = "email_taken"
    detail = "An account with this e-mail address exists. Sign in, or reset its password."


class NotAPicture(AccountsError, people.NotAPicture):
    code = "invalid_request"
    detail = "Send a JPEG, PNG, WebP or GIF picture of at most 5 MiB."
