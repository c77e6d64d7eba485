"""Why something was refused: `Cause(id, code, facts)`, and the one table of its sentences.

Where a fault is known, a cause is made, and everybody renders from it: page, problem document, log, record, provider
test, dry sign-in, doctor, docs. Facts are short values (a claim's name, a status, a setting's key), never tokens,
whole claims or an upstream's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

Fact = str | int | bool


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What who can mend it is told, filled with the cause's facts. What the person is told follows from the code."""

    code: str
    developer: str = ""
    operator: str = ""
    lasting: bool = False
    """It stays until somebody changes something: nobody is told to try again."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a person is told: what happened, why, and what to do next. No setting's name, no text of a provider's."""

    title: str
    cause: str
    remedy: str
    in_an_app: str = ""
    """What a program's answer says beyond the page's."""


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
        """In the request's language: what a log or a record keeps is the id, with the facts."""
        return _filled(TABLE[self.id].operator, self)

    @property
    def developer(self) -> str:
        return _filled(TABLE[self.id].developer or TABLE[self.id].operator, self)


def cause(cause_id: str, **facts: Fact) -> Cause:
    """A cause of the table. Raises KeyError for an id that is not there."""
    return Cause(cause_id, TABLE[cause_id].code, MappingProxyType(facts))


def of(error: Any) -> Cause:
    """The cause of a refusal (an exception with a code): its own, that of its `cause_id`, or that of its code."""
    own = getattr(error, "cause", None)
    if isinstance(own, Cause):
        return own
    code = str(error.code)
    if cause_id := getattr(error, "cause_id", ""):
        return Cause(cause_id, code, MappingProxyType(dict(error.facts)))
    known = next((name for name in (f"token.{code}", f"service.{code}") if name in TABLE), "code.another")
    return Cause(known, code, MappingProxyType({"code": code, **error.facts}))


def of_record(cause_id: str, code: str, facts: Mapping[str, Any]) -> Cause:
    """A cause as it was put on record, also by an earlier release, whose ids and facts may have been others."""
    try:
        TABLE[cause_id].operator.format(**facts)
        TABLE[cause_id].developer.format(**facts)
    except (KeyError, IndexError):
        return Cause("code.another", code, MappingProxyType({"code": code}))
    return Cause(cause_id, code, MappingProxyType(dict(facts)))


def told(code: str, *, missing: tuple[str, ...] = ()) -> Message:
    """What the person is told, in the request's language. Raises KeyError for a code that is not in PERSON."""
    found = PERSON[code]
    lacks = gettext("The provider's answer lacks: {claims}.").format(claims=", ".join(missing)) if missing else ""
    return Message(
        title=gettext(found.title),
        cause=lacks or gettext(found.cause),
        remedy=gettext(found.remedy),
        in_an_app=gettext(found.in_an_app) if found.in_an_app else "",
    )


def _filled(sentence: str, of: Cause) -> str:
    return gettext(sentence).format(**of.facts)


TABLE: dict[str, Sentences] = {
    # Sign-in through a provider: the authorization request and response
    "state.unknown": Sentences(
        code="state_invalid",
        operator=_(
            "The state is none of ours, or was used before: the back button, a link opened twice, or an attempt "
            "to replay a sign-in."
        ),
    ),
    "state.other_browser": Sentences(
        code="state_invalid",
        operator=_(
            "The state was begun in another browser, or the binding cookie is gone: cookies blocked, two host "
            "names for one site, or an attempt to make somebody finish another's sign-in."
        ),
    ),
    "state.expired": Sentences(
        code="state_expired",
        operator=_(
            "The person came back later than OIDC_STATE_TTL allows, twice in a row or after more than 15 minutes."
        ),
    ),
    "callback.state_malformed": Sentences(
        code="state_invalid", operator=_("The parameter {parameter} is repeated, too long or not printable.")
    ),
    "callback.parameter_malformed": Sentences(
        code="provider_error", operator=_("The parameter {parameter} is repeated, too long or not printable.")
    ),
    "callback.other_issuer": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The response names another issuer than {issuer}: the browser was led from one provider to another "
            "(mix-up), or the configured issuer is not what the provider calls itself."
        ),
    ),
    "callback.issuer_missing": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The response has no iss, which the provider's metadata promises (RFC 9207)."),
    ),
    "callback.error": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_("The provider answered with an error that no standard lists: its own log says why."),
    ),
    "callback.access_denied": Sentences(
        code="provider_refused",
        operator=_(
            "The person cancelled at the provider, or the provider does not let them use this client: there, look "
            "whether the person or their group is assigned to it."
        ),
    ),
    "callback.invalid_request": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_(
            "The provider takes a parameter of our request for wrong: most often the redirect URI, which has to be "
            "registered there exactly as {redirect_uri}; the provider's log says which."
        ),
    ),
    "callback.invalid_scope": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_(
            "The provider does not know a scope that is asked for, or does not let this client have it: compare the "
            "scopes ({scopes}) with what the provider offers."
        ),
    ),
    "callback.unauthorized_client": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_(
            "The provider does not let this client use the authorization code flow: switch that on for the client "
            "there (it is called standard flow, too), or compare the client id ({client_id})."
        ),
    ),
    "callback.unsupported_response_type": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_("The provider does not do the authorization code flow for this client: switch it on there."),
    ),
    "callback.server_error": Sentences(
        code="provider_refused", operator=_("The provider says that something broke on its side: its log says what.")
    ),
    "callback.temporarily_unavailable": Sentences(
        code="provider_refused", operator=_("The provider says that it is overloaded or in maintenance.")
    ),
    "callback.interaction_required": Sentences(
        code="provider_refused",
        operator=_("The provider wants to ask the person something, and was not let: a rule there forbids it."),
    ),
    "callback.login_required": Sentences(
        code="provider_refused", operator=_("The person did not sign in at the provider.")
    ),
    "callback.account_selection_required": Sentences(
        code="provider_refused", operator=_("The person did not choose one of their accounts at the provider.")
    ),
    "callback.consent_required": Sentences(
        code="provider_refused",
        operator=_(
            "The person did not agree at the provider, or may not: there, an administrator may agree for everybody."
        ),
    ),
    "callback.request_not_supported": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_("The provider demands signed request objects or refuses them: turn that off for this client there."),
    ),
    "callback.registration_not_supported": Sentences(
        code="provider_refused",
        lasting=True,
        operator=_("The provider took our request for one to register a client: compare the client id ({client_id})."),
    ),
    "callback.code_missing": Sentences(code="provider_error", operator=_("The response has neither code nor error.")),
    "callback.no_claims": Sentences(
        code="provider_error",
        operator=_(
            "The sign-in ended without claims: the library took something for suspicious; its log line says what."
        ),
    ),
    "callback.provider_changed": Sentences(
        code="provider_unavailable",
        operator=_("The provider was removed, disabled or changed since the sign-in began."),
    ),
    "callback.another_backend": Sentences(
        code="forbidden", operator=_("{backend} of AUTHENTICATION_BACKENDS raised PermissionDenied for this sign-in.")
    ),
    "dry_run.another_person": Sentences(
        code="state_invalid",
        operator=_(
            "The administrator who began the dry sign-in is not signed in in this browser any more, or may not "
            "change providers."
        ),
    ),
    # The provider's endpoints
    "discovery.unreachable": Sentences(
        code="provider_unreachable", operator=_("The discovery document cannot be had: {detail}")
    ),
    "discovery.unusable": Sentences(
        code="provider_error", lasting=True, operator=_("The discovery document cannot be used: {detail}")
    ),
    "keys.unavailable": Sentences(
        code="provider_unreachable", operator=_("The provider's keys cannot be had: {detail}")
    ),
    "token_endpoint.unreachable": Sentences(
        code="provider_unreachable", operator=_("The token endpoint cannot be reached: {detail}")
    ),
    "token_endpoint.unusable": Sentences(
        code="provider_error", lasting=True, operator=_("The token endpoint's answer cannot be used: {detail}")
    ),
    "token_endpoint.status": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The token endpoint answered with status {status} and none of the standard's reasons: the provider's log "
            "says why."
        ),
    ),
    "token_endpoint.invalid_client": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The provider does not know our client id ({client_id}), or the secret ({client_secret}) is wrong or has "
            "expired, or is to be sent in another way ({client_auth})."
        ),
    ),
    "token_endpoint.invalid_grant": Sentences(
        code="provider_error",
        operator=_(
            "The provider does not take its own code: it is used up or too old (compare the clocks), or was made for "
            "another redirect URI than {redirect_uri} or for another client. Client id and secret are right."
        ),
    ),
    "token_endpoint.invalid_request": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The provider misses something in the token request, or has too much of it: often the client is public "
            "there and has a secret here ({client_secret}), or the other way round; or PKCE is refused."
        ),
    ),
    "token_endpoint.unauthorized_client": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The provider knows the client and does not let it use the authorization code flow; some also say so "
            "where the client secret is wrong ({client_secret})."
        ),
    ),
    "token_endpoint.unsupported_grant_type": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The provider does not take authorization codes at its token endpoint: switch that on there."),
    ),
    "token_endpoint.invalid_scope": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The provider does not let this client have a scope that was asked for: compare them ({scopes})."),
    ),
    "token_endpoint.token_missing": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The token endpoint's answer has no {token}: the scopes must hold openid."),
    ),
    "token_endpoint.token_type": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The token endpoint's answer names another token_type than Bearer."),
    ),
    "id_token.refused": Sentences(code="provider_error", operator=_("The ID token is refused ({reason}): {detail}")),
    "id_token.no_subject": Sentences(code="missing_claims", lasting=True, operator=_("The ID token has no {missing}.")),
    "userinfo.unreachable": Sentences(
        code="provider_unreachable", operator=_("The userinfo endpoint cannot be reached: {detail}")
    ),
    "userinfo.unusable": Sentences(
        code="provider_error", lasting=True, operator=_("The userinfo endpoint's answer cannot be used: {detail}")
    ),
    "userinfo.refused": Sentences(
        code="provider_error",
        operator=_("The userinfo endpoint refuses the access token that the provider just issued: {detail}"),
    ),
    "userinfo.another_subject": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("userinfo speaks of another subject than the ID token, or of none."),
    ),
    "introspection.unreachable": Sentences(
        code="provider_unreachable", operator=_("The introspection endpoint cannot be reached: {detail}")
    ),
    "introspection.unusable": Sentences(
        code="provider_error", lasting=True, operator=_("The introspection endpoint's answer cannot be used: {detail}")
    ),
    "introspection.status": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The introspection endpoint answered with status {status}: the provider's log says why."),
    ),
    "introspection.invalid_client": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The introspection endpoint does not take our client id ({client_id}) or its secret ({client_secret}), or "
            "the client may not use it."
        ),
    ),
    # The way to the provider. `call` says which of its endpoints was meant
    "network.name_unknown": Sentences(
        code="provider_unreachable",
        operator=_(
            "{call}: no address is known for the name {host}. Compare it with the provider's guide, and see whether "
            "this machine can look names up."
        ),
    ),
    "network.connection_refused": Sentences(
        code="provider_unreachable",
        operator=_("{call}: {host} refuses connections: the provider is not running, or listens on another port."),
    ),
    "network.no_route": Sentences(
        code="provider_unreachable",
        operator=_("{call}: there is no way from this machine to {host}: a firewall, a route or a missing IPv6."),
    ),
    "network.timed_out": Sentences(
        code="provider_unreachable",
        operator=_("{call}: {host} did not answer within five seconds: it is slow, or a firewall swallows the call."),
    ),
    "network.closed": Sentences(
        code="provider_unreachable", operator=_("{call}: {host} closed the connection without an answer.")
    ),
    "network.tls_self_signed": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_(
            "{call}: the certificate of {host} is signed by itself. Give it one of an authority, or put it into the "
            "file that OUTBOUND_CA_BUNDLE names."
        ),
    ),
    "network.tls_unknown_authority": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_(
            "{call}: the certificate of {host} is of an authority that is not known here, or the server does not send "
            "the certificates in between. Put your own authority into the file that OUTBOUND_CA_BUNDLE names."
        ),
    ),
    "network.tls_expired": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_("{call}: the certificate of {host} has expired or is not valid yet: renew it, or set the clock."),
    ),
    "network.tls_wrong_name": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_("{call}: the certificate of {host} is for another name: the address or the certificate is wrong."),
    ),
    "network.tls_other": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_("{call}: no secure connection to {host} could be agreed on: its TLS is too old, or misconfigured."),
    ),
    "network.not_tls": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_("{call}: {host} does not speak TLS on this port: https is written where http is served."),
    ),
    "network.proxy": Sentences(
        code="provider_unreachable",
        operator=_("{call}: the proxy that OUTBOUND_PROXY names cannot be reached, or does not let {host} through."),
    ),
    "network.private_address": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "{call}: {host} is not a public address. If it is yours and meant, list its exact origin in {setting} "
            "(now: {place})."
        ),
    ),
    "network.not_https": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "{call}: {host} is not https. If it is yours and meant, list its exact origin in {setting} (now: {place})."
        ),
    ),
    "network.redirect": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "{call}: {host} answers with a redirect ({status}): the address that is configured is not the last."
        ),
    ),
    "network.server_error": Sentences(
        code="provider_unreachable", operator=_("{call}: {host} answered with {status}: its own log says why.")
    ),
    "network.ca_bundle": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("{call}: the file that {setting} ({place}) names cannot be read as certificates."),
    ),
    "claims.missing": Sentences(
        code="missing_claims",
        lasting=True,
        operator=_(
            "The provider sent no usable {missing}: compare the scopes, and what the provider lets this client see."
        ),
    ),
    # An access token of the provider, sent by an app
    "access_token.jwt": Sentences(
        code="token_not_bound", operator=_("The access token is refused ({reason}): {detail}")
    ),
    "access_token.is_id_token": Sentences(
        code="token_not_bound", operator=_("An ID token was sent in the access token's place: it has {mark}.")
    ),
    "access_token.id_token": Sentences(
        code="token_not_bound", operator=_("The ID token beside the access token is refused ({reason}): {detail}")
    ),
    "access_token.another_subject": Sentences(
        code="token_not_bound", operator=_("Access token, ID token and userinfo speak of different people.")
    ),
    "access_token.userinfo_refused": Sentences(
        code="token_not_bound", operator=_("The provider's userinfo endpoint refuses the access token: {detail}")
    ),
    "access_token.no_proof": Sentences(
        code="token_not_bound",
        operator=_(
            "An opaque access token without ID token, and no introspection endpoint to ask (that takes a client "
            "secret)."
        ),
    ),
    "access_token.inactive": Sentences(
        code="token_not_bound", operator=_("Introspection says that the access token is not active or has expired.")
    ),
    "access_token.another_issuer": Sentences(code="token_not_bound", operator=_("Introspection names another issuer.")),
    "access_token.no_subject": Sentences(code="token_not_bound", operator=_("Introspection names no subject.")),
    "access_token.another_client": Sentences(
        code="token_not_bound",
        operator=_(
            "The access token was issued to another client: list the app's client id with the provider's mobile "
            "client ids."
        ),
    ),
    "access_token.no_client": Sentences(
        code="token_not_bound", operator=_("The access token names none of our clients.")
    ),
    # Who the person is
    "account.pending": Sentences(
        code="account_pending",
        lasting=True,
        operator=_("The account waits for approval: approve or reject it in the administration, under People."),
    ),
    "account.suspended": Sentences(
        code="account_suspended",
        lasting=True,
        operator=_("The account is suspended: reactivate it in the administration, under People, if it may come in."),
    ),
    "signup.closed": Sentences(
        code="signup_disabled",
        lasting=True,
        operator=_(
            "There is no account yet, and USER_SIGNUP and OIDC_SIGNUP make none: change one of them, or the sign-in "
            "policy in the admin, or add the person there."
        ),
    ),
    "signup.domain": Sentences(
        code="signup_disabled",
        lasting=True,
        operator=_(
            "There is no account yet, and the address's domain is not in SIGNUP_EMAIL_DOMAINS: add it there or in the "
            "sign-in policy in the admin, or add the person."
        ),
    ),
    "linking.email_not_verified": Sentences(
        code="email_not_verified",
        lasting=True,
        operator=_(
            "There is no account yet, and the provider says that the address is not verified. It is verified "
            "there, or trust_email of this provider is changed."
        ),
    ),
    "linking.other_subject": Sentences(
        code="email_already_linked",
        lasting=True,
        operator=_(
            "The account is linked to another subject of this issuer already: if both are the same person's, unlink "
            "the old one on their page in the admin."
        ),
    ),
    "linking.another_account": Sentences(
        code="email_already_linked", lasting=True, operator=_("The identity belongs to another account.")
    ),
    "linking.several_accounts": Sentences(
        code="link_requires_sign_in",
        lasting=True,
        operator=_(
            "Several accounts have this address: nobody can tell which of them is meant. Leave it to one of them."
        ),
    ),
    "linking.sign_in_first": Sentences(
        code="link_requires_sign_in",
        lasting=True,
        operator=_(
            "An account has this address, and neither the provider's word nor a password can prove that it is the "
            "same person's. They sign in the way they did, and link the provider from their account page."
        ),
    ),
    "linking.password_wanted": Sentences(
        code="link_confirmation_required",
        operator=_("An account has this address, and its password is asked for before it is linked."),
    ),
    "linking.another_person": Sentences(
        code="link_requires_sign_in", operator=_("The person who began the link is not signed in in this browser.")
    ),
    "linking.ticket_of_another": Sentences(
        code="link_requires_sign_in", operator=_("The link ticket was used, has expired, or is not this browser's.")
    ),
    "provisioning.in_parallel": Sentences(
        code="provider_error",
        operator=_(
            "The same person came in many times at once, or the database refuses the new rows: a required column "
            "of the user model that People.create does not fill."
        ),
    ),
    # Passwords, and what is mailed
    "password.address_unknown": Sentences(code="invalid_credentials", operator=_("No account has this address.")),
    "password.wrong": Sentences(code="invalid_credentials", operator=_("The password is not the account's.")),
    "password.none": Sentences(
        code="invalid_credentials",
        operator=_(
            "The account has no password: the person signs in through a provider, or is mailed a link to choose one."
        ),
    ),
    "password.kind_not_accepted": Sentences(
        code="invalid_credentials",
        operator=_(
            "The account's password was hashed in a way ({kind}) that PASSWORD_HASHERS does not list: add that hasher, "
            "or mail the person a link to choose a new one."
        ),
    ),
    "password.not_this_persons": Sentences(
        code="invalid_credentials", operator=_("The password that a signed-in person gave is not the account's.")
    ),
    "password.throttled": Sentences(
        code="throttled",
        operator=_(
            "Wrong passwords came too often from this client network: RATE_LIMIT_LOGIN limits them for one account, "
            "RATE_LIMIT_LOGIN_PER_NETWORK for all together. There is room again in {wait} seconds."
        ),
    ),
    "password.disabled": Sentences(
        code="password_login_disabled",
        lasting=True,
        operator=_("Sign-in by password is off: DISABLE_INTERNAL_AUTH, or the sign-in policy in the admin, says so."),
    ),
    "password.not_set": Sentences(
        code="password_not_available",
        lasting=True,
        operator=_("The account has no password to change: a first one is set instead."),
    ),
    "rate_limit.full": Sentences(
        code="throttled",
        operator=_("Too many of these requests came from one client network. There is room again in {wait} seconds."),
    ),
    "registration.closed": Sentences(
        code="signup_disabled",
        lasting=True,
        operator=_("Registration is closed: USER_SIGNUP, or the sign-in policy in the admin, says so."),
    ),
    "registration.domain": Sentences(
        code="signup_disabled",
        lasting=True,
        operator=_(
            "The address's domain is not among those that may register: SIGNUP_EMAIL_DOMAINS, or the sign-in policy "
            "in the admin, lists them."
        ),
    ),
    "registration.address_taken": Sentences(
        code="email_taken",
        lasting=True,
        operator=_(
            "An account with this address is there already: the person signs in to it, or asks for a new password."
        ),
    ),
    "request.fields": Sentences(code="invalid_request", operator=_("These fields were refused: {fields}.")),
    "refresh_token.unknown": Sentences(
        code="refresh_token_invalid",
        operator=_("The refresh token is none of ours, is damaged, or its session was ended."),
    ),
    "refresh_token.ended": Sentences(
        code="refresh_token_invalid", operator=_("The session of the refresh token is past its end.")
    ),
    "refresh_token.not_active": Sentences(
        code="refresh_token_invalid", operator=_("The account of the refresh token is suspended or waits for approval.")
    ),
    "refresh_token.reused": Sentences(
        code="refresh_token_invalid",
        operator=_(
            "A refresh token came a second time, later than REFRESH_REUSE_GRACE allows: it was stolen, or the client "
            "keeps old ones. The session was ended."
        ),
    ),
    "mailed_link.unknown": Sentences(
        code="invalid_request",
        operator=_("The mailed link was used, replaced by a newer one, has expired, or is for an address of before."),
    ),
    "mailed_link.sign_in_first": Sentences(
        code="sign_in_to_verify",
        operator=_("The mailed link was followed by somebody not signed in to the account, who gave no password."),
    ),
    "sign_in_link.unknown": Sentences(
        code="invalid_request",
        operator=_("The one-time sign-in address was used, has expired, or was replaced by a newer one."),
    ),
    # Calls of programs: what is told to the developer of an organization stands first
    "token.malformed": Sentences(
        code="malformed", operator=_("The token is no signed JWT, or one of its parts has a form that is not allowed.")
    ),
    "token.too_large": Sentences(code="too_large", operator=_("The token is larger than 16 KiB.")),
    "token.algorithm_not_allowed": Sentences(
        code="algorithm_not_allowed",
        operator=_(
            "The token is signed with an algorithm that the pool does not list, or that its key is not made for."
        ),
    ),
    "token.unknown_key": Sentences(
        code="unknown_key",
        operator=_(
            "The issuer's key set has no key with the token's kid: another issuer, or a key that was taken away."
        ),
    ),
    "token.bad_signature": Sentences(
        code="bad_signature",
        operator=_("No key of the issuer made the token's signature: it was changed, or comes from somebody else."),
    ),
    "token.expired": Sentences(
        code="expired",
        operator=_("The token's exp has passed: the client has to get a fresh one, or a clock is wrong."),
    ),
    "token.not_yet_valid": Sentences(
        code="not_yet_valid", operator=_("The token's nbf or iat lies in the future: a clock is wrong, here or there.")
    ),
    "token.wrong_issuer": Sentences(
        code="wrong_issuer",
        operator=_("The token's iss is not the issuer of the pool, compared to the last slash."),
    ),
    "token.wrong_audience": Sentences(
        code="wrong_audience",
        operator=_("The token's aud names none of the audiences that the pool lists: it was made for another program."),
    ),
    "token.wrong_type": Sentences(
        code="wrong_type", operator=_("It is another kind of token: an access token or a logout token, say.")
    ),
    "token.missing_claim": Sentences(
        code="missing_claim", operator=_("The token lacks a claim that the pool needs, or it is empty.")
    ),
    "token.email_unverified": Sentences(
        code="email_unverified",
        operator=_("The pool knows its users by their address, and the token does not say that it was verified."),
    ),
    "token.revoked": Sentences(
        code="revoked",
        operator=_(
            "The token was good: its session was ended, its account blocked, or all tokens of its user revoked."
        ),
    ),
    "token.blocked": Sentences(
        code="blocked", operator=_("The organization has blocked this user: it can unblock them.")
    ),
    "token.keys_unavailable": Sentences(
        code="keys_unavailable",
        operator=_("The issuer's keys cannot be had, so that nobody can tell whether the token is good."),
    ),
    "client.unknown": Sentences(
        code="unknown_client",
        operator=_(
            "No SDK client of kind application has the id that was sent, or its organization is disabled: compare it "
            "with the list of clients."
        ),
    ),
    "client.not_accepted": Sentences(
        code="unknown_client",
        operator=_("The client is there, and APP_USER_CLIENTS, or the view itself, does not list it."),
    ),
    "client.not_named": Sentences(
        code="client_required", operator=_("X-Client-Id is missing, and the token is not one of a hosted pool.")
    ),
    "api_key.mistyped": Sentences(
        code="api_key_invalid",
        operator=_(
            "The API key has a wrong checksum: it was cut off or mistyped. Copy it again from where it is kept, or "
            "make another."
        ),
    ),
    "api_key.unknown": Sentences(
        code="api_key_invalid",
        operator=_(
            "No organization here has this API key: it is of another installation, or was deleted. Make another."
        ),
    ),
    "api_key.revoked": Sentences(
        code="api_key_invalid",
        operator=_("The API key was revoked, or its client deleted: make another, if the caller may go on."),
    ),
    "api_key.expired": Sentences(
        code="api_key_invalid",
        operator=_(
            "The API key is past its end, or was rotated and its overlap is over: use the new one, or make another."
        ),
    ),
    "api_key.organization_disabled": Sentences(
        code="api_key_invalid",
        operator=_("The organization of the API key is disabled: whoever runs the service can enable it."),
    ),
    "api_key.makes_no_keys": Sentences(
        code="key_cannot_make_keys", operator=_("An API key asked for another one: a member does that, as a person.")
    ),
    "organization.not_named": Sentences(
        code="organization_required",
        operator=_(
            "The person belongs to several organizations and named none: send the id of one in X-Organization-Id."
        ),
    ),
    "organization.unknown": Sentences(
        code="not_found",
        operator=_("The person or the key does not belong to the organization that was named, or it is disabled."),
    ),
    "organization.slug_taken": Sentences(
        code="slug_taken",
        operator=_("Another organization has the slug, or had it once: it stays that one's for good."),
    ),
    "organization.last_admin": Sentences(
        code="last_admin",
        operator=_(
            "Whoever was to lose the role is the only administrator of the organization who can sign in: somebody else "
            "becomes one first."
        ),
    ),
    "call.no_credential": Sentences(
        code="not_authenticated",
        operator=_(
            "The call had no credential of a kind that this address takes: send one in the Authorization header, as "
            "Bearer."
        ),
    ),
    "call.forbidden": Sentences(
        code="forbidden", operator=_("The credential is good, and does not allow this call: a read-only member, say.")
    ),
    "call.not_found": Sentences(
        code="not_found", operator=_("The organization has nothing with the id in the address, or the body.")
    ),
    "call.method": Sentences(code="method_not_allowed", operator=_("The address does not take this method.")),
    "call.media_type": Sentences(code="unsupported_media_type", operator=_("The body was not sent as JSON.")),
    "call.changed_meanwhile": Sentences(
        code="in_use", operator=_("Two calls changed the same things at one moment; the other one was first.")
    ),
    "request.unreadable": Sentences(code="invalid_request", operator=_("The body is no JSON object that can be read.")),
    "request.too_large": Sentences(code="body_too_large", operator=_("The body is larger than this address takes.")),
    # The administration
    "admin.not_staff": Sentences(
        code="forbidden",
        lasting=True,
        operator=_(
            "Somebody who is signed in, and no administrator, asked for the administration: a superuser can make them "
            "staff."
        ),
    ),
    "page.forbidden": Sentences(
        code="forbidden",
        lasting=True,
        operator=_(
            "The person who is signed in lacks the right that this page needs: a superuser can give it to them."
        ),
    ),
    "page.csrf": Sentences(
        code="forbidden",
        operator=_(
            "The form had no valid token of this browser: cookies blocked, a form that was open too long, an APP_URL "
            "that is not the address people use, or a form of another site."
        ),
    ),
    "service.unavailable": Sentences(
        code="unavailable",
        operator=_(
            "The service was short of something it waits for: its database, a key that decrypts, or places for calls "
            "to the outside. Its log says which."
        ),
    ),
    "code.another": Sentences(
        code="forbidden", operator=_("Refused with the code {code}: the list of codes says when that is.")
    ),
    # Codes, tickets and what stands on the account page
    "exchange_code.unknown": Sentences(
        code="exchange_code_invalid",
        operator=_("The code is unknown, was used, or is older than OIDC_EXCHANGE_CODE_TTL."),
    ),
    "exchange_code.bound_elsewhere": Sentences(
        code="exchange_code_invalid", operator=_("The code is bound to another browser or code verifier.")
    ),
    "link_code.unknown": Sentences(
        code="link_code_invalid", operator=_("The link code is unknown, was used, has expired or is out of tries.")
    ),
    "link_code.bound_elsewhere": Sentences(
        code="link_code_invalid", operator=_("The link code is bound to another browser or code verifier.")
    ),
    "link_code.address_changed": Sentences(
        code="link_code_invalid",
        operator=_("The account's address changed, or the account is gone, since the link was asked for."),
    ),
    "link_code.linked_meanwhile": Sentences(
        code="link_code_invalid", operator=_("The identity was linked since the link was asked for.")
    ),
    "identities.unknown": Sentences(code="not_found", operator=_("The person has no identity with this id.")),
    "identities.last_way_in": Sentences(
        code="last_way_in", lasting=True, operator=_("Without this identity nobody could sign in to the account.")
    ),
    "sign_in.not_fresh": Sentences(
        code="fresh_sign_in_required",
        operator=_("The sign-in is older than five minutes: the person signs in once more, and repeats the step."),
    ),
    "providers.none_enabled": Sentences(
        code="oidc_not_enabled",
        lasting=True,
        operator=_("No provider is enabled: set OIDC_ENABLED, or enable one in the administration, under Providers."),
    ),
    "providers.unknown": Sentences(code="not_found", lasting=True, operator=_("No enabled provider has this slug.")),
    "request.malformed": Sentences(
        code="invalid_request", operator=_("The parameter {parameter} is repeated or malformed.")
    ),
    "request.redirect": Sentences(
        code="invalid_redirect",
        lasting=True,
        operator=_("The redirect leads neither to this site nor to the front end that the sign-in ends at."),
    ),
    "request.return_to": Sentences(
        code="invalid_redirect",
        lasting=True,
        operator=_(
            "The sign-in is to end at an origin that is neither this site nor listed in FRONTEND_URLS, or that is "
            "not listed there any more."
        ),
    ),
}

# Codes of answers to programs: what a person reads whose program hands such a code to /login.
_AN_APP = Message(
    title=_("The app could not use this service"),
    cause=_("Something in the way it signs you in, or asks for you, was refused."),
    remedy=_("Sign out of the app and in again. If it stays, tell whoever runs the app."),
)
OF_PROGRAMS = (
    "malformed", "too_large", "algorithm_not_allowed", "unknown_key", "bad_signature", "expired", "not_yet_valid",
    "wrong_issuer", "wrong_audience", "wrong_type", "missing_claim", "email_unverified", "revoked", "blocked",
    "keys_unavailable", "unknown_client", "client_required", "api_key_invalid", "key_cannot_make_keys",
    "organization_required", "not_authenticated", "method_not_allowed", "unsupported_media_type", "in_use",
    "body_too_large",
)  # fmt: skip

# By the code of the answer, since that is all that /login is handed: every cause with it is told alike.
PERSON: dict[str, Message] = {
    **dict.fromkeys(OF_PROGRAMS, _AN_APP),
    "invalid_request": Message(
        title=_("The request could not be understood"),
        cause=_("A parameter is missing, repeated or malformed."),
        remedy=_("Start again from the sign-in page."),
    ),
    "invalid_redirect": Message(
        title=_("That destination is not allowed"),
        cause=_("After a sign-in people are only sent to pages of this site or its front end."),
        remedy=_("Use a path that begins with a single slash."),
    ),
    "oidc_not_enabled": Message(
        title=_("No provider is set up"),
        cause=_("Sign-in through a provider is not enabled here."),
        remedy=_("Sign in with your password, or ask an administrator to set up a provider."),
    ),
    "exchange_code_invalid": Message(
        title=_("This sign-in was already used or took too long"),
        cause=_("The code that ends a sign-in works once, for a short time, in the browser that began."),
        remedy=_("Sign in again. If it happens each time, allow cookies for this site."),
    ),
    "link_code_invalid": Message(
        title=_("This link request is no longer valid"),
        cause=_("It works once, for ten minutes and five tries, in the browser that began."),
        remedy=_("Sign in through the provider again to get a new one."),
    ),
    "missing_claims": Message(
        title=_("The provider did not send what is needed"),
        cause=_("Some facts about you are missing from the provider's answer."),
        remedy=_(
            "Allow the application to see your e-mail address at the provider, or ask the administrator to check "
            "the scopes of this provider."
        ),
    ),
    "invalid_credentials": Message(
        title=_("E-mail or password is wrong"),
        cause=_("They do not belong together."),
        remedy=_("Check both and try again."),
    ),
    "token_not_bound": Message(
        title=_("The token was not issued to this application"),
        cause=_("Only access tokens that the provider issued to this application's clients count."),
        remedy=_("Send a token of one of the client ids that are configured here, or its id_token with at_hash."),
    ),
    "forbidden": Message(
        title=_("You may not sign in at the moment"),
        cause=_("A rule of this site refuses this sign-in."),
        remedy=_("Ask the administrator, with the error id."),
    ),
    "account_pending": Message(
        title=_("Your account waits for approval"),
        cause=_("An administrator looks at new accounts before they can be used."),
        remedy=_("You need not do anything. If it takes long, ask the administrator."),
    ),
    "account_suspended": Message(
        title=_("Your account is suspended"),
        cause=_("An administrator has suspended this account."),
        remedy=_("Ask the administrator if you think that this is a mistake."),
    ),
    "signup_disabled": Message(
        title=_("Registration is closed"),
        cause=_("There is no account for you yet, and new ones are not made by signing in."),
        remedy=_("Ask the administrator for an account, or sign in with the one that you have."),
    ),
    "email_not_verified": Message(
        title=_("Your e-mail address is not verified"),
        cause=_("The provider says that your address was never proven to be yours."),
        remedy=_(
            "Verify the address at the provider, then sign in again. An administrator can change whether this "
            "provider's addresses are trusted."
        ),
    ),
    "fresh_sign_in_required": Message(
        title=_("Please sign in again first"),
        cause=_("This step needs a sign-in of the last five minutes."),
        remedy=_("Sign out, sign in again, and repeat the step."),
    ),
    "link_requires_sign_in": Message(
        title=_("An account with this e-mail address exists"),
        cause=_("It cannot be linked to the provider from here."),
        remedy=_("Sign in the way you already do, then link the provider from your account page."),
    ),
    "not_found": Message(
        title=_("There is no such provider"),
        cause=_("It was removed, disabled, or never existed."),
        remedy=_("Go back to the sign-in page and choose one that is listed."),
    ),
    "email_already_linked": Message(
        title=_("This e-mail address is linked to another sign-in"),
        cause=_("The account with this address belongs to a different person at the same provider."),
        remedy=_("Sign in there as the person you used before, or ask the administrator to unlink the old one."),
    ),
    "link_confirmation_required": Message(
        title=_("Is this account yours?"),
        cause=_("An account with this e-mail address exists, and the provider does not vouch for the address."),
        remedy=_("Give that account's password once to link both."),
        in_an_app=_("In an app: sign in once on the web."),
    ),
    "last_way_in": Message(
        title=_("This is your last way in"),
        cause=_("Without it nobody could sign in to this account any more."),
        remedy=_("Set a password or link another provider first."),
    ),
    "provider_error": Message(
        title=_("The provider's answer could not be used"),
        cause=_("It answered with something that is not allowed, incomplete or not meant for us."),
        remedy=_("Tell the administrator the error id: it leads to the reason. Meanwhile sign in another way."),
    ),
    "provider_unreachable": Message(
        title=_("The provider cannot be reached"),
        cause=_("It does not answer, or there is no safe way to it."),
        remedy=_("Sign in another way, or later. If it stays, tell the administrator the error id."),
    ),
    "unavailable": Message(
        title=_("This service is busy just now"),
        cause=_("It could not finish your sign-in: too many wait at the same time, or its data cannot be reached."),
        remedy=_("Try again in a moment."),
    ),
    "throttled": Message(
        title=_("Too many attempts"),
        cause=_("This was tried too often from your network."),
        remedy=_("Wait a few minutes, then try once more."),
    ),
    "password_login_disabled": Message(
        title=_("No sign-in by password here"),
        cause=_("Sign-in by password is turned off."),
        remedy=_("Sign in through a provider."),
    ),
    "password_not_available": Message(
        title=_("The account has no password"),
        cause=_("It is used through a provider."),
        remedy=_("Set a first password on your account page."),
    ),
    "email_taken": Message(
        title=_("An account with this e-mail address exists"),
        cause=_("Each address has one account."),
        remedy=_("Sign in to it, or ask for a link to reset its password."),
    ),
    "refresh_token_invalid": Message(
        title=_("Your session has ended"),
        cause=_("It was ended, or has become too old."),
        remedy=_("Sign in again."),
    ),
    "sign_in_to_verify": Message(
        title=_("Please sign in first"),
        cause=_("A link in a mail shows who reads the mailbox, not whose account it is."),
        remedy=_("Sign in to the account, or give its password, and follow the link once more."),
    ),
    "last_admin": Message(
        title=_("An organization needs an administrator"),
        cause=_("Nobody else who can sign in would be left to administer it."),
        remedy=_("Make somebody else an administrator first."),
    ),
    "slug_taken": Message(
        title=_("This short name is taken"),
        cause=_("Another organization has it, or had it once: addresses with it are out in the world."),
        remedy=_("Choose another one."),
    ),
    "state_invalid": Message(
        title=_("This sign-in did not begin in this browser"),
        cause=_("The answer belongs to no sign-in that is under way here, or it was used already."),
        remedy=_("Sign in again from this page. If it happens each time, allow cookies for this site."),
    ),
    "state_expired": Message(
        title=_("The sign-in took too long"),
        cause=_("The time between leaving this site and coming back is limited."),
        remedy=_("Sign in again."),
    ),
    "provider_refused": Message(
        title=_("The provider did not sign you in"),
        cause=_("You cancelled, or the provider does not let you use this application."),
        remedy=_("If you cancelled, sign in once more. Else ask the administrator, with the error id."),
    ),
    "provider_unavailable": Message(
        title=_("This provider was changed meanwhile"),
        cause=_("An administrator changed or disabled it while you were signing in."),
        remedy=_("Sign in again, with a provider that is listed."),
    ),
}
