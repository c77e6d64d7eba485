"""Coming in: register, sign in, renew and end tokens, and choose a new password."""

from accounts.schema.examples import TOKENS, USER
from accounts.serializers import (
    LoginInput,
    LogoutInput,
    PasswordResetConfirmInput,
    PasswordResetInput,
    RefreshInput,
    RegisteredSerializer,
    RegisterInput,
    RegistrationModeSerializer,
    SignedInSerializer,
    TokenPairSerializer,
)
from fairlead.web.openapi import Answer, Call
from fairlead.web.tags import Tag

_ADDRESS, _PASSWORD = "person@example.org", "correct horse battery"

registration_mode = Call(
    "getRegistrationMode",
    summary="Who may register",
    tag=Tag.SIGN_IN,
    description="`enabled`: anybody; `review`: those whom an administrator approves; `disabled`: nobody.",
    answers={200: Answer(RegistrationModeSerializer, {"mode": "enabled"})},
)
register = Call(
    "registerUser",
    summary="Make an account with a password",
    tag=Tag.SIGN_IN,
    description="A verification link is mailed. In review mode there are no tokens yet, and `message` says so.",
    body=RegisterInput,
    examples={"A person": {"email": _ADDRESS, "password": _PASSWORD, "name": "Person One"}},
    answers={201: Answer(RegisteredSerializer, {**TOKENS, "user": {**USER, "emailVerified": False}})},
    refuses=["signup_disabled", "password_login_disabled", "email_taken", "throttled"],
)
login = Call(
    "loginUser",
    summary="Sign in by e-mail and password",
    tag=Tag.SIGN_IN,
    body=LoginInput,
    examples={"A person": {"email": _ADDRESS, "password": _PASSWORD}},
    answers={200: Answer(SignedInSerializer, {**TOKENS, "user": USER})},
    refuses=[
        "invalid_credentials",
        "account_pending",
        "account_suspended",
        "password_login_disabled",
        "throttled",
    ],
)
refresh = Call(
    "refreshTokens",
    summary="Exchange a refresh token for its successor and a new access token",
    tag=Tag.SIGN_IN,
    description="A token that comes back later than the grace of a few seconds ends the session.",
    body=RefreshInput,
    examples={"The newest": {"refresh_token": "flr_…"}},
    answers={200: Answer(TokenPairSerializer, TOKENS)},
    refuses=["refresh_token_invalid", "throttled"],
)
logout = Call(
    "logoutUser",
    summary="End the session of a refresh token",
    tag=Tag.SIGN_IN,
    description="The answer is the same for a token that is not known.",
    body=LogoutInput,
    examples={"The newest": {"refresh_token": "flr_…"}},
    answers={204: Answer()},
)
ask_reset = Call(
    "requestPasswordReset",
    summary="Mail a link to choose a new password",
    tag=Tag.SIGN_IN,
    description="The answer tells nothing about the address.",
    body=PasswordResetInput,
    examples={"An address": {"email": _ADDRESS}},
    answers={202: Answer()},
    refuses=["password_login_disabled"],
)
finish_reset = Call(
    "confirmPasswordReset",
    summary="Choose a new password with the mailed token",
    tag=Tag.SIGN_IN,
    description="Every session ends.",
    body=PasswordResetConfirmInput,
    examples={"From the mail": {"token": "…", "newPassword": _PASSWORD}},
    answers={204: Answer()},
    refuses=["password_login_disabled", "throttled"],
)
