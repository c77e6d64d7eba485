"""The one table of codes: status and title of all that is refused, and when. Part of the contract, with
docs/error-codes.md."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Problem:
    status: int
    title: str
    when: str


TABLE: dict[str, Problem] = {
    "invalid_request": Problem(
        400,
        _("The request is not valid"),
        _("A parameter or field is missing, unknown, repeated or malformed; `errors` names the fields."),
    ),
    "invalid_redirect": Problem(
        400,
        _("The redirect target is not allowed"),
        _(
            "`redirect` at initiate is neither a path of this site nor an address of its origin or of where the "
            "sign-in ends; or `return_to` is neither this site nor one of FRONTEND_URLS."
        ),
    ),
    "oidc_not_enabled": Problem(400, _("No provider is enabled"), _("Initiate, while no provider is enabled.")),
    "exchange_code_invalid": Problem(
        400,
        _("The sign-in code is not valid"),
        _("The code is unknown, used, expired, or bound to another browser or verifier."),
    ),
    "link_code_invalid": Problem(
        400,
        _("The link code is not valid"),
        _(
            "The link code is unknown, used, expired, out of tries, bound elsewhere, or what it links changed "
            "meanwhile."
        ),
    ),
    "missing_claims": Problem(
        400,
        _("The provider did not send what is needed"),
        _("The provider sent no usable `sub` or `email`; which, is said."),
    ),
    "password_not_available": Problem(
        400, _("The account has no password"), _("change-password for an account without a password.")
    ),
    "organization_required": Problem(
        400,
        _("An organization must be named"),
        _("The person belongs to several organizations: name one in X-Organization-Id."),
    ),
    "client_required": Problem(
        400, _("A client must be named"), _("X-Client-Id is missing, and the token is not one of a hosted pool.")
    ),
    "invitation_invalid": Problem(
        400, _("The invitation is not valid"), _("The invitation is unknown, used, expired or withdrawn.")
    ),
    "domain_refused": Problem(
        400, _("The domain cannot be taken"), _("The name is no domain, or one of a public mail service.")
    ),
    "invalid_credentials": Problem(
        401,
        _("E-mail or password is wrong"),
        _("E-mail or password is wrong, or the account has no password: never said which."),
    ),
    "not_authenticated": Problem(
        401,
        _("Authentication is required"),
        _("The Authorization header is missing or holds nothing that is accepted here."),
    ),
    "token_not_bound": Problem(
        401,
        _("The token was not issued to this application"),
        _("Mobile exchange: the access token was not provably issued to our clients."),
    ),
    "refresh_token_invalid": Problem(
        401, _("The refresh token is not valid"), _("The refresh token is unknown, used up or ended.")
    ),
    "api_key_invalid": Problem(401, _("The API key is not valid"), _("The API key is unknown, expired or revoked.")),
    "unknown_client": Problem(401, _("The client is not known"), _("X-Client-Id names no client.")),
    "malformed": Problem(401, _("The token is malformed"), _("The token is no compact JWS that we read.")),
    "too_large": Problem(401, _("The token is too large"), _("The token is larger than 16 KiB.")),
    "algorithm_not_allowed": Problem(
        401,
        _("The token's algorithm is not allowed"),
        _("The token is signed with an algorithm that is not accepted here."),
    ),
    "unknown_key": Problem(
        401, _("The token's key is not known"), _("No key of the issuer fits the token's `kid` and `alg`.")
    ),
    "bad_signature": Problem(
        401, _("The token's signature is wrong"), _("The signature is not one of the issuer's key.")
    ),
    "expired": Problem(401, _("The token has expired"), _("`exp` has passed.")),
    "not_yet_valid": Problem(401, _("The token is not valid yet"), _("`nbf` or `iat` lies in the future.")),
    "wrong_issuer": Problem(401, _("The token is from another issuer"), _("`iss` is another issuer's.")),
    "wrong_audience": Problem(401, _("The token is for another audience"), _("`aud` or `azp` names somebody else.")),
    "wrong_type": Problem(401, _("The token is of another type"), _("`typ` says another kind of token.")),
    "missing_claim": Problem(401, _("The token lacks a claim"), _("A required claim is missing.")),
    "email_unverified": Problem(
        401,
        _("The token's e-mail is not verified"),
        _("The pool identifies by e-mail, and `email_verified` is not true."),
    ),
    "revoked": Problem(401, _("The token was revoked"), _("The user's tokens were revoked.")),
    "blocked": Problem(401, _("The user is blocked"), _("The app user is blocked.")),
    "forbidden": Problem(403, _("Not allowed"), _("The credential does not allow that.")),
    "sign_in_to_verify": Problem(
        403,
        _("Sign in to verify the address"),
        _("The link counts for the account only where you are signed in as it, or give its password."),
    ),
    "wrong_address": Problem(
        403, _("The address is another one"), _("The invitation is for another address than the account's.")
    ),
    "account_pending": Problem(
        403, _("The account waits for approval"), _("An administrator has not approved the account yet.")
    ),
    "account_suspended": Problem(403, _("The account is suspended"), _("An administrator suspended the account.")),
    "signup_disabled": Problem(
        403,
        _("Registration is closed"),
        _("No account exists, and new ones are not open (or not for this e-mail domain)."),
    ),
    "email_not_verified": Problem(
        403,
        _("The e-mail address is not verified"),
        _("The provider says that the address of a new person is not verified."),
    ),
    "password_login_disabled": Problem(
        403, _("Sign-in by password is disabled"), _("Sign-in by password is turned off.")
    ),
    "fresh_sign_in_required": Problem(
        403, _("A fresh sign-in is required"), _("The step needs a sign-in of the last five minutes.")
    ),
    "key_cannot_make_keys": Problem(
        403, _("A key cannot make keys"), _("An API key tried to make or rotate a key: sign in as a person.")
    ),
    "link_requires_sign_in": Problem(
        403, _("Sign in first to link"), _("An account has this address and cannot be linked from outside.")
    ),
    "email_outside_organization": Problem(
        403,
        _("The address is outside the organization's domains"),
        _("The address lies in no domain that the organization has proven."),
    ),
    "membership_required": Problem(
        403,
        _("Only members of the organization may enter"),
        _("The organization lets in nobody who is not a member yet."),
    ),
    "organization_sign_in_required": Problem(
        403, _("The organization's own sign-in is required"), _("The address's organization requires its own sign-in.")
    ),
    "not_found": Problem(404, _("Not found"), _("Nothing with this address or id, or it is another tenant's.")),
    "method_not_allowed": Problem(405, _("Method not allowed"), _("`Allow` names the methods.")),
    "email_taken": Problem(409, _("The e-mail address is taken"), _("Register: an account with this address exists.")),
    "email_already_linked": Problem(
        409,
        _("The e-mail address is linked already"),
        _("The account with this address is linked to another subject of the issuer."),
    ),
    "link_confirmation_required": Problem(
        409,
        _("The link must be confirmed"),
        _("The account's password is asked for once. In the callback `link_code` comes along."),
    ),
    "last_way_in": Problem(409, _("The last way to sign in"), _("Unlinking would leave no way to sign in.")),
    "last_admin": Problem(409, _("The last administrator"), _("The organization would have no administrator left.")),
    "already_member": Problem(409, _("A member already"), _("The person is a member already.")),
    "slug_taken": Problem(409, _("The slug is taken"), _("Another organization has, or had, this slug.")),
    "domain_not_proven": Problem(
        409, _("The domain is not proven"), _("The challenge was not found in the DNS; what was found, is said.")
    ),
    "domain_taken": Problem(409, _("The domain is taken"), _("Another organization has proven this name.")),
    "provider_not_tried": Problem(
        409, _("The provider was not tried out"), _("The provider has to be tried out first, as it is set up now.")
    ),
    "in_use": Problem(
        409, _("In use"), _("Clients use the pool; or another call changed the same things at the same moment.")
    ),
    "pool_not_hosted": Problem(409, _("The pool is not hosted"), _("Only hosted pools issue tokens.")),
    "pool_kind_fixed": Problem(
        409, _("The pool's kind is fixed"), _("A pool does not change between hosted and self-hosted.")
    ),
    "body_too_large": Problem(413, _("The body is too large"), _("The body is larger than 64 KiB.")),
    "unsupported_media_type": Problem(415, _("The media type is not supported"), _("Send application/json.")),
    "throttled": Problem(429, _("Too many requests"), _("Too many attempts; `Retry-After` says when.")),
    "provider_error": Problem(
        502, _("The provider's answer is not usable"), _("The provider answered with something that cannot be used.")
    ),
    "provider_unreachable": Problem(
        503, _("The provider cannot be reached"), _("The provider does not answer, or not in time.")
    ),
    "keys_unavailable": Problem(
        503, _("The keys cannot be had"), _("The issuer's keys cannot be had now; `Retry-After` says when.")
    ),
    "unavailable": Problem(
        503,
        _("The service is short of something"),
        _("The service is short of something; `Retry-After` says when to come back."),
    ),
}
# Codes that only the redirect of a callback carries, and when.
AT_CALLBACK = {
    "state_invalid": "The state is unknown, used, or was begun in another browser.",
    "state_expired": "The state is genuine but too old, a second time.",
    "provider_refused": "The provider answered with an error of its own.",
    "provider_unavailable": "The provider was changed or disabled since the sign-in began.",
}
CALLBACK_ONLY = frozenset(AT_CALLBACK)
# A fault of ours, outside the contract: nobody can do anything but report the request id.
FAULT = Problem(500, _("Something went wrong on our side"), _("A fault of ours; `requestId` leads to the log line."))
