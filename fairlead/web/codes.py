"""The one table of codes: status and title of all that is refused. Part of the contract, with docs/error-codes.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    status: int
    title: str


TABLE: dict[str, Problem] = {
    "invalid_request": Problem(400, "The request is not valid"),
    "invalid_redirect": Problem(400, "The redirect target is not allowed"),
    "oidc_not_enabled": Problem(400, "No provider is enabled"),
    "exchange_code_invalid": Problem(400, "The sign-in code is not valid"),
    "link_code_invalid": Problem(400, "The link code is not valid"),
    "missing_claims": Problem(400, "The provider did not send what is needed"),
    "password_not_available": Problem(400, "The account has no password"),
    "organization_required": Problem(400, "An organization must be named"),
    "client_required": Problem(400, "A client must be named"),
    "invitation_invalid": Problem(400, "The invitation is not valid"),
    "domain_refused": Problem(400, "The domain cannot be taken"),
    "invalid_credentials": Problem(401, "E-mail or password is wrong"),
    "not_authenticated": Problem(401, "Authentication is required"),
    "token_not_bound": Problem(401, "The token was not issued to this application"),
    "refresh_token_invalid": Problem(401, "The refresh token is not valid"),
    "api_key_invalid": Problem(401, "The API key is not valid"),
    "unknown_client": Problem(401, "The client is not known"),
    "malformed": Problem(401, "The token is malformed"),
    "too_large": Problem(401, "The token is too large"),
    "algorithm_not_allowed": Problem(401, "The token's algorithm is not allowed"),
    "unknown_key": Problem(401, "The token's key is not known"),
    "bad_signature": Problem(401, "The token's signature is wrong"),
    "expired": Problem(401, "The token has expired"),
    "not_yet_valid": Problem(401, "The token is not valid yet"),
    "wrong_issuer": Problem(401, "The token is from another issuer"),
    "wrong_audience": Problem(401, "The token is for another audience"),
    "wrong_type": Problem(401, "The token is of another type"),
    "missing_claim": Problem(401, "The token lacks a claim"),
    "email_unverified": Problem(401, "The token's e-mail is not verified"),
    "revoked": Problem(401, "The token was revoked"),
    "blocked": Problem(401, "The user is blocked"),
    "forbidden": Problem(403, "Not allowed"),
    "sign_in_to_verify": Problem(403, "Sign in to verify the address"),
    "wrong_address": Problem(403, "The address is another one"),
    "account_pending": Problem(403, "The account waits for approval"),
    "account_suspended": Problem(403, "The account is suspended"),
    "signup_disabled": Problem(403, "Registration is closed"),
    "email_not_verified": Problem(403, "The e-mail address is not verified"),
    "password_login_disabled": Problem(403, "Sign-in by password is disabled"),
    "fresh_sign_in_required": Problem(403, "A fresh sign-in is required"),
    "key_cannot_make_keys": Problem(403, "A key cannot make keys"),
    "link_requires_sign_in": Problem(403, "Sign in first to link"),
    "email_outside_organization": Problem(403, "The address is outside the organization's domains"),
    "membership_required": Problem(403, "Only members of the organization may enter"),
    "organization_sign_in_required": Problem(403, "The organization's own sign-in is required"),
    "not_found": Problem(404, "Not found"),
    "method_not_allowed": Problem(405, "Method not allowed"),
    "email_taken": Problem(409, "The e-mail address is taken"),
    "email_already_linked": Problem(409, "The e-mail address is linked already"),
    "link_confirmation_required": Problem(409, "The link must be confirmed"),
    "last_way_in": Problem(409, "The last way to sign in"),
    "last_admin": Problem(409, "The last administrator"),
    "already_member": Problem(409, "A member already"),
    "slug_taken": Problem(409, "The slug is taken"),
    "domain_not_proven": Problem(409, "The domain is not proven"),
    "domain_taken": Problem(409, "The domain is taken"),
    "provider_not_tried": Problem(409, "The provider was not tried out"),
    "in_use": Problem(409, "In use"),
    "pool_not_hosted": Problem(409, "The pool is not hosted"),
    "pool_kind_fixed": Problem(409, "The pool's kind is fixed"),
    "body_too_large": Problem(413, "The body is too large"),
    "unsupported_media_type": Problem(415, "The media type is not supported"),
    "throttled": Problem(429, "Too many requests"),
    "provider_error": Problem(502, "The provider's answer is not usable"),
    "provider_unreachable": Problem(503, "The provider cannot be reached"),
    "keys_unavailable": Problem(503, "The keys cannot be had"),
    "unavailable": Problem(503, "The service is short of something"),
}
# Codes that only the redirect of a callback carries.
CALLBACK_ONLY = frozenset({"state_invalid", "state_expired", "provider_refused", "provider_unavailable"})
# A fault of ours, outside the contract: nobody can do anything but report the request id.
FAULT = Problem(500, "Something went wrong on our side")
