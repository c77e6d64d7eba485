"""What a person reads when a sign-in did not end well: what happened, why, and what to do next.

One entry for each code that a callback or a form of a sign-in can end in. No text of a provider is ever shown.
"""

from dataclasses import dataclass, replace

from oidc_login.codes import Code


@dataclass(frozen=True, kw_only=True)
class Message:
    title: str
    cause: str
    remedy: str
    in_an_app: str = ""
    """What a program's answer says beyond the page's."""


_MESSAGES: dict[Code, Message] = {
    Code.INVALID_REQUEST: Message(
        title="The request could not be understood",
        cause="A parameter is missing, repeated or malformed.",
        remedy="Start again from the sign-in page.",
    ),
    Code.INVALID_REDIRECT: Message(
        title="That destination is not allowed",
        cause="After a sign-in people are only sent to pages of this site or its front end.",
        remedy="Use a path that begins with a single slash.",
    ),
    Code.OIDC_NOT_ENABLED: Message(
        title="No provider is set up",
        cause="Sign-in through a provider is not enabled here.",
        remedy="Sign in with your password, or ask an administrator to set up a provider.",
    ),
    Code.EXCHANGE_CODE_INVALID: Message(
        title="This sign-in was already used or took too long",
        cause="The code that ends a sign-in works once, for a short time, in the browser that began.",
        remedy="Sign in again. If it happens each time, allow cookies for this site.",
    ),
    Code.LINK_CODE_INVALID: Message(
        title="This link request is no longer valid",
        cause="It works once, for ten minutes and five tries, in the browser that began.",
        remedy="Sign in through the provider again to get a new one.",
    ),
    Code.MISSING_CLAIMS: Message(
        title="The provider did not send what is needed",
        cause="Some facts about you are missing from the provider's answer.",
        remedy="Allow the application to see your e-mail address at the provider, or ask the administrator to check "
        "the scopes of this provider.",
    ),
    Code.INVALID_CREDENTIALS: Message(
        title="E-mail or password is wrong",
        cause="They do not belong together.",
        remedy="Check both and try again.",
    ),
    Code.TOKEN_NOT_BOUND: Message(
        title="The token was not issued to this application",
        cause="Only access tokens that the provider issued to this application's clients count.",
        remedy="Send a token of one of the client ids that are configured here, or its id_token with at_hash.",
    ),
    Code.FORBIDDEN: Message(
        title="You may not sign in at the moment",
        cause="A rule of this site refuses this sign-in.",
        remedy="Try again later, or ask the administrator, with the error id.",
    ),
    Code.ACCOUNT_PENDING: Message(
        title="Your account waits for approval",
        cause="An administrator looks at new accounts before they can be used.",
        remedy="You need not do anything. Try again later, or ask the administrator.",
    ),
    Code.ACCOUNT_SUSPENDED: Message(
        title="Your account is suspended",
        cause="An administrator has suspended this account.",
        remedy="Ask the administrator if you think that this is a mistake.",
    ),
    Code.SIGNUP_DISABLED: Message(
        title="Registration is closed",
        cause="There is no account for you yet, and new ones are not made by signing in.",
        remedy="Ask the administrator for an account, or sign in with the one that you have.",
    ),
    Code.EMAIL_NOT_VERIFIED: Message(
        title="Your e-mail address is not verified",
        cause="The provider says that your address was never proven to be yours.",
        remedy="Verify the address at the provider, then sign in again. An administrator can change whether this "
        "provider's addresses are trusted (trust_email).",
    ),
    Code.FRESH_SIGN_IN_REQUIRED: Message(
        title="Please sign in again first",
        cause="This step needs a sign-in of the last five minutes.",
        remedy="Sign out, sign in again, and repeat the step.",
    ),
    Code.LINK_REQUIRES_SIGN_IN: Message(
        title="An account with this e-mail address exists",
        cause="It cannot be linked to the provider from here.",
        remedy="Sign in the way you already do, then link the provider from your account page.",
    ),
    Code.NOT_FOUND: Message(
        title="There is no such provider",
        cause="It was removed, disabled, or never existed.",
        remedy="Go back to the sign-in page and choose one that is listed.",
    ),
    Code.EMAIL_ALREADY_LINKED: Message(
        title="This e-mail address is linked to another sign-in",
        cause="The account with this address belongs to a different person at the same provider.",
        remedy="Sign in there as the person you used before, or ask the administrator to unlink the old one.",
    ),
    Code.LINK_CONFIRMATION_REQUIRED: Message(
        title="Is this account yours?",
        cause="An account with this e-mail address exists, and the provider does not vouch for the address.",
        remedy="Give that account's password once to link both.",
        in_an_app="In an app: sign in once on the web.",
    ),
    Code.LAST_WAY_IN: Message(
        title="This is your last way in",
        cause="Without it nobody could sign in to this account any more.",
        remedy="Set a password or link another provider first.",
    ),
    Code.PROVIDER_ERROR: Message(
        title="The provider's answer could not be used",
        cause="It answered with something that is not allowed, incomplete or not meant for us.",
        remedy="Try again. If it stays, tell the administrator the error id: the log names the reason.",
    ),
    Code.PROVIDER_UNREACHABLE: Message(
        title="The provider cannot be reached",
        cause="It does not answer, or not in time.",
        remedy="Try again in a few minutes, or sign in another way.",
    ),
    Code.STATE_INVALID: Message(
        title="This sign-in did not begin in this browser",
        cause="The answer belongs to no sign-in that is under way here, or it was used already.",
        remedy="Sign in again from this page. If it happens each time, allow cookies for this site.",
    ),
    Code.STATE_EXPIRED: Message(
        title="The sign-in took too long",
        cause="The time between leaving this site and coming back is limited.",
        remedy="Sign in again.",
    ),
    Code.PROVIDER_REFUSED: Message(
        title="The provider did not sign you in",
        cause="You cancelled, or the provider does not let you use this application.",
        remedy="Try again, or ask the administrator of the provider for access.",
    ),
    Code.PROVIDER_UNAVAILABLE: Message(
        title="This provider was changed meanwhile",
        cause="An administrator changed or disabled it while you were signing in.",
        remedy="Sign in again, with a provider that is listed.",
    ),
}


def explain(code: Code, *, missing: tuple[str, ...] = ()) -> Message:
    message = _MESSAGES[code]
    if missing:
        return replace(message, cause=f"The provider's answer lacks: {', '.join(missing)}.")
    return message


def of_query(code: str, *, missing: str = "") -> Message | None:
    """The message for what stands in an address: None for a text that is no code of ours.

    The address is anybody's to write, so only known words go from it into the page.
    """
    try:
        known = Code(code)
    except ValueError:
        return None
    return explain(known, missing=tuple(name for name in missing.split(",") if name in {"sub", "email"}))
