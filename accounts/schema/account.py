"""Being in: the person's profile, address, password and signed-in devices."""

from accounts.schema.examples import SESSION, USER
from accounts.serializers import (
    ChangePasswordInput,
    EmailChangeInput,
    PictureInput,
    ProfileInput,
    SessionSerializer,
    SetPasswordInput,
    UserSerializer,
    VerifyEmailInput,
)
from fairlead.web.openapi import ACCESS_TOKEN_CODES, Answer, Call
from fairlead.web.tags import Tag

_PASSWORD = "correct horse battery"
_PERSON = {200: Answer(UserSerializer, USER)}

me = Call(
    "getCurrentUser",
    summary="The person whom the access token stands for",
    tag=Tag.ACCOUNT,
    answers=_PERSON,
    refuses=ACCESS_TOKEN_CODES,
)
edit = Call(
    "changeProfile",
    summary="Change the name",
    tag=Tag.ACCOUNT,
    description="From then on no provider overwrites it.",
    body=ProfileInput,
    examples={"A name": {"name": "Person One"}},
    answers=_PERSON,
    refuses=ACCESS_TOKEN_CODES,
)
upload = Call(
    "uploadProfileImage",
    summary="Upload a picture",
    tag=Tag.ACCOUNT,
    description="JPEG, PNG, WebP or GIF, at most 5 MiB. It is stored anew as WebP.",
    body=PictureInput,
    media_type="multipart/form-data",
    examples={"A file": {"image": "…"}},
    answers=_PERSON,
    refuses=[*ACCESS_TOKEN_CODES, "throttled", "unavailable"],
)
remove_picture = Call(
    "removeProfileImage",
    summary="Remove the picture",
    tag=Tag.ACCOUNT,
    description="A provider's comes back only when it changes there.",
    answers=_PERSON,
    refuses=ACCESS_TOKEN_CODES,
)
change_password = Call(
    "changePassword",
    summary="Replace the password",
    tag=Tag.ACCOUNT,
    description="Every other session ends.",
    body=ChangePasswordInput,
    examples={"Both": {"currentPassword": "the one until now", "newPassword": _PASSWORD}},
    answers={204: Answer()},
    refuses=[
        *ACCESS_TOKEN_CODES,
        "password_not_available",
        "invalid_credentials",
        "password_login_disabled",
        "throttled",
    ],
)
set_password = Call(
    "setPassword",
    summary="Choose the first password of an account without one",
    tag=Tag.ACCOUNT,
    description="Within five minutes of a sign-in through a provider.",
    body=SetPasswordInput,
    examples={"The first": {"newPassword": _PASSWORD}},
    answers={204: Answer()},
    refuses=[*ACCESS_TOKEN_CODES, "fresh_sign_in_required", "password_login_disabled", "throttled"],
)
verify_email = Call(
    "verifyEmail",
    summary="Follow a mailed link: prove the address, or change it",
    tag=Tag.ACCOUNT,
    description=(
        "The link alone proves the mailbox, not the account: be signed in to the account, or send its password along. "
        "A change of address counts only in the session that asked for it. Else nothing happens, and the token stays "
        "good."
    ),
    body=VerifyEmailInput,
    examples={"Not signed in": {"token": "…", "password": _PASSWORD}, "Signed in": {"token": "…"}},
    answers={204: Answer()},
    refuses=[
        *ACCESS_TOKEN_CODES,
        "invalid_credentials",
        "sign_in_to_verify",
        "account_suspended",
        "email_taken",
        "throttled",
    ],
)
send_verification = Call(
    "sendEmailVerification",
    summary="Mail the verification link again",
    tag=Tag.ACCOUNT,
    description="Nothing happens for a verified address.",
    answers={204: Answer()},
    refuses=[*ACCESS_TOKEN_CODES, "throttled"],
)
change_email = Call(
    "requestEmailChange",
    summary="Ask for another address",
    tag=Tag.ACCOUNT,
    description=(
        "It changes when the link mailed to the new address is followed. Needs the password, or a sign-in through a "
        "provider within the last five minutes."
    ),
    body=EmailChangeInput,
    examples={"With the password": {"newEmail": "new@example.org", "password": _PASSWORD}},
    answers={202: Answer()},
    refuses=[*ACCESS_TOKEN_CODES, "invalid_credentials", "fresh_sign_in_required", "throttled"],
)
list_sessions = Call(
    "listSessions",
    summary="The devices that are signed in, the one seen last first",
    tag=Tag.ACCOUNT,
    answers={200: Answer(SessionSerializer(many=True), [SESSION])},
    refuses=ACCESS_TOKEN_CODES,
)
end_others = Call(
    "endOtherSessions",
    summary="End all sessions but this one",
    tag=Tag.ACCOUNT,
    answers={204: Answer()},
    refuses=ACCESS_TOKEN_CODES,
)
end_session = Call(
    "endSession",
    summary="End one session, this one too if it is named",
    tag=Tag.ACCOUNT,
    answers={204: Answer()},
    refuses=[*ACCESS_TOKEN_CODES, "not_found"],
)
