"""Why something was refused: `Cause(id, code, facts)`, and the one table of its sentences.

Where a fault is known, a cause is made, and everybody renders from it: page, problem document, log, record, provider
test, dry sign-in, doctor, docs. Facts are short values (a claim's name, a status, a setting's key), never tokens,
whole claims or an upstream's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Fact = str | int | bool


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What each reader is told, filled with the cause's facts. Settings are named to the operator alone."""

    code: str
    person: str = ""
    developer: str = ""
    operator: str = ""


@dataclass(frozen=True)
class Cause:
    """`id` names the fault and `code` the answer's code: one code has many causes."""

    id: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.id} ({said})" if said else self.id

    @property
    def operator(self) -> str:
        return _filled(TABLE[self.id].operator, self)

    @property
    def developer(self) -> str:
        return _filled(TABLE[self.id].developer or TABLE[self.id].operator, self)


def cause(cause_id: str, **facts: Fact) -> Cause:
    """A cause of the table. Raises KeyError for an id that is not there."""
    return Cause(cause_id, TABLE[cause_id].code, MappingProxyType(facts))


def _filled(sentence: str, of: Cause) -> str:
    return sentence.format(**of.facts)


TABLE: dict[str, Sentences] = {
    # Sign-in through a provider: the authorization request and response
    "state.unknown": Sentences(
        code="state_invalid",
        operator="The state is none of ours, or was used before: the back button, a link opened twice, or an attempt "
        "to replay a sign-in.",
    ),
    "state.other_browser": Sentences(
        code="state_invalid",
        operator="The state was begun in another browser, or the binding cookie is gone: cookies blocked, two host "
        "names for one site, or an attempt to make somebody finish another's sign-in.",
    ),
    "state.expired": Sentences(
        code="state_expired",
        operator="The person came back later than OIDC_STATE_TTL allows, twice in a row or after more than 15 minutes.",
    ),
    "callback.state_malformed": Sentences(
        code="state_invalid", operator="The parameter {parameter} is repeated, too long or not printable."
    ),
    "callback.parameter_malformed": Sentences(
        code="provider_error", operator="The parameter {parameter} is repeated, too long or not printable."
    ),
    "callback.other_issuer": Sentences(
        code="provider_error",
        operator="The response names another issuer than {issuer}: the browser was led from one provider to another "
        "(mix-up), or the configured issuer is not what the provider calls itself.",
    ),
    "callback.issuer_missing": Sentences(
        code="provider_error", operator="The response has no iss, which the provider's metadata promises (RFC 9207)."
    ),
    "callback.error": Sentences(
        code="provider_refused", operator="The provider answered with the error {error}: it or the person refused."
    ),
    "callback.code_missing": Sentences(code="provider_error", operator="The response has neither code nor error."),
    "callback.no_claims": Sentences(
        code="provider_error",
        operator="The sign-in ended without claims: the library took something for suspicious; its log line says what.",
    ),
    "callback.provider_changed": Sentences(
        code="provider_unavailable", operator="The provider was removed, disabled or changed since the sign-in began."
    ),
    "callback.another_backend": Sentences(
        code="forbidden", operator="{backend} of AUTHENTICATION_BACKENDS raised PermissionDenied for this sign-in."
    ),
    "dry_run.another_person": Sentences(
        code="state_invalid",
        operator="The administrator who began the dry sign-in is not signed in in this browser any more, or may not "
        "change providers.",
    ),
    # The provider's endpoints
    "discovery.unreachable": Sentences(
        code="provider_unreachable", operator="The discovery document cannot be had: {detail}"
    ),
    "discovery.unusable": Sentences(code="provider_error", operator="The discovery document cannot be used: {detail}"),
    "keys.unavailable": Sentences(code="provider_unreachable", operator="The provider's keys cannot be had: {detail}"),
    "token_endpoint.unreachable": Sentences(
        code="provider_unreachable", operator="The token endpoint cannot be reached: {detail}"
    ),
    "token_endpoint.unusable": Sentences(
        code="provider_error", operator="The token endpoint's answer cannot be used: {detail}"
    ),
    "token_endpoint.status": Sentences(
        code="provider_error",
        operator="The token endpoint answered with status {status}: compare client id, client secret, client "
        "authentication and redirect URI with the provider's.",
    ),
    "token_endpoint.token_missing": Sentences(
        code="provider_error", operator="The token endpoint's answer has no {token}: the scopes must hold openid."
    ),
    "token_endpoint.token_type": Sentences(
        code="provider_error", operator="The token endpoint's answer names another token_type than Bearer."
    ),
    "id_token.refused": Sentences(code="provider_error", operator="The ID token is refused ({reason}): {detail}"),
    "id_token.no_subject": Sentences(code="missing_claims", operator="The ID token has no {missing}."),
    "userinfo.unreachable": Sentences(
        code="provider_unreachable", operator="The userinfo endpoint cannot be reached: {detail}"
    ),
    "userinfo.unusable": Sentences(
        code="provider_error", operator="The userinfo endpoint's answer cannot be used: {detail}"
    ),
    "userinfo.refused": Sentences(
        code="provider_error",
        operator="The userinfo endpoint refuses the access token that the provider just issued: {detail}",
    ),
    "userinfo.another_subject": Sentences(
        code="provider_error", operator="userinfo speaks of another subject than the ID token, or of none."
    ),
    "introspection.unreachable": Sentences(
        code="provider_unreachable", operator="The introspection endpoint cannot be reached: {detail}"
    ),
    "introspection.unusable": Sentences(
        code="provider_error", operator="The introspection endpoint's answer cannot be used: {detail}"
    ),
    "introspection.status": Sentences(
        code="provider_error",
        operator="The introspection endpoint answered with status {status}: compare client id and secret with the "
        "provider's.",
    ),
    "claims.missing": Sentences(
        code="missing_claims",
        operator="The provider sent no usable {missing}: compare the scopes, and what the provider lets this client "
        "see.",
    ),
    # An access token of the provider, sent by an app
    "access_token.jwt": Sentences(code="token_not_bound", operator="The access token is refused ({reason}): {detail}"),
    "access_token.id_token": Sentences(
        code="token_not_bound", operator="The ID token beside the access token is refused ({reason}): {detail}"
    ),
    "access_token.another_subject": Sentences(
        code="token_not_bound", operator="Access token, ID token and userinfo speak of different people."
    ),
    "access_token.userinfo_refused": Sentences(
        code="token_not_bound", operator="The provider's userinfo endpoint refuses the access token: {detail}"
    ),
    "access_token.no_proof": Sentences(
        code="token_not_bound",
        operator="An opaque access token without ID token, and no introspection endpoint to ask (that takes a client "
        "secret).",
    ),
    "access_token.inactive": Sentences(
        code="token_not_bound", operator="Introspection says that the access token is not active or has expired."
    ),
    "access_token.another_issuer": Sentences(code="token_not_bound", operator="Introspection names another issuer."),
    "access_token.no_subject": Sentences(code="token_not_bound", operator="Introspection names no subject."),
    "access_token.another_client": Sentences(
        code="token_not_bound",
        operator="The access token was issued to another client: list the app's client id with the provider's mobile "
        "client ids.",
    ),
    "access_token.no_client": Sentences(code="token_not_bound", operator="The access token names none of our clients."),
    # Who the person is
    "account.pending": Sentences(code="account_pending", operator="The account waits for approval."),
    "account.suspended": Sentences(code="account_suspended", operator="The account is suspended."),
    "signup.closed": Sentences(
        code="signup_disabled", operator="There is no account yet, and USER_SIGNUP and OIDC_SIGNUP make none."
    ),
    "signup.domain": Sentences(
        code="signup_disabled",
        operator="There is no account yet, and the address's domain is not in SIGNUP_EMAIL_DOMAINS.",
    ),
    "linking.email_not_verified": Sentences(
        code="email_not_verified",
        operator="There is no account yet, and the provider says that the address is not verified. It is verified "
        "there, or trust_email of this provider is changed.",
    ),
    "linking.other_subject": Sentences(
        code="email_already_linked", operator="The account is linked to another subject of this issuer already."
    ),
    "linking.another_account": Sentences(
        code="email_already_linked", operator="The identity belongs to another account."
    ),
    "linking.several_accounts": Sentences(
        code="link_requires_sign_in",
        operator="Several accounts have this address: nobody can tell which of them is meant.",
    ),
    "linking.sign_in_first": Sentences(
        code="link_requires_sign_in",
        operator="An account has this address, and neither the provider's word nor a password can prove that it is the"
        " same person's.",
    ),
    "linking.password_wanted": Sentences(
        code="link_confirmation_required",
        operator="An account has this address, and its password is asked for before it is linked.",
    ),
    "linking.another_person": Sentences(
        code="link_requires_sign_in", operator="The person who began the link is not signed in in this browser."
    ),
    "linking.ticket_of_another": Sentences(
        code="link_requires_sign_in", operator="The link ticket was used, has expired, or is not this browser's."
    ),
    "provisioning.in_parallel": Sentences(
        code="provider_error",
        operator="The same person came in many times at once, or the database refuses the new rows: a required column "
        "of the user model that People.create does not fill.",
    ),
    # Codes, tickets and what stands on the account page
    "exchange_code.unknown": Sentences(
        code="exchange_code_invalid", operator="The code is unknown, was used, or is older than OIDC_EXCHANGE_CODE_TTL."
    ),
    "exchange_code.bound_elsewhere": Sentences(
        code="exchange_code_invalid", operator="The code is bound to another browser or code verifier."
    ),
    "link_code.unknown": Sentences(
        code="link_code_invalid", operator="The link code is unknown, was used, has expired or is out of tries."
    ),
    "link_code.bound_elsewhere": Sentences(
        code="link_code_invalid", operator="The link code is bound to another browser or code verifier."
    ),
    "link_code.address_changed": Sentences(
        code="link_code_invalid",
        operator="The account's address changed, or the account is gone, since the link was asked for.",
    ),
    "link_code.linked_meanwhile": Sentences(
        code="link_code_invalid", operator="The identity was linked since the link was asked for."
    ),
    "identities.unknown": Sentences(code="not_found", operator="The person has no identity with this id."),
    "identities.last_way_in": Sentences(
        code="last_way_in", operator="Without this identity nobody could sign in to the account."
    ),
    "sign_in.not_fresh": Sentences(code="fresh_sign_in_required", operator="The sign-in is older than five minutes."),
    "providers.none_enabled": Sentences(code="oidc_not_enabled", operator="No provider is enabled."),
    "providers.unknown": Sentences(code="not_found", operator="No enabled provider has this slug."),
    "request.malformed": Sentences(
        code="invalid_request", operator="The parameter {parameter} is repeated or malformed."
    ),
    "request.redirect": Sentences(
        code="invalid_redirect",
        operator="The redirect leads neither to this site nor to the front end that the sign-in ends at.",
    ),
}
