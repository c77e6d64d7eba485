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
SET_TO = "settings"
"""The fact that holds what the settings were set to. `named_settings` makes it."""
_WAS_SET = _("It was set so: {settings}.")


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What who can mend it is told, filled with the cause's facts. What the person is told follows from the code."""

    code: str
    developer: str = ""
    operator: str = ""
    lasting: bool = False
    """It stays until somebody changes something: nobody is told to try again."""
    settings: tuple[str, ...] = ()
    """Keys of the settings that decided: whoever reads of it is told what they were set to, and where."""


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
        said = _filled(TABLE[self.id].operator, self)
        return f"{said} {_filled(_WAS_SET, self)}" if SET_TO in self.facts else said

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
    # What is told of a token holds names and times, and no part of it.
    said = {"detail": str(error.detail)} if known.startswith("token.") else {}
    return Cause(known, code, MappingProxyType({"code": code, **said, **error.facts}))


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
            "The state is none of ours, or was used before: the back button, a link opened twice, or an "
            "attempt to replay a sign-in. The person begins anew at the sign-in page; there is nothing to "
            "change here."
        ),
    ),
    "state.other_browser": Sentences(
        code="state_invalid",
        settings=("ORIGIN",),
        operator=_(
            "The state was begun in another browser, or the binding cookie is gone: cookies blocked, two host"
            " names for one site (compare APP_URL with the address that people use), or an attempt to make "
            "somebody finish another's sign-in."
        ),
    ),
    "state.expired": Sentences(
        code="state_expired",
        settings=("OIDC_STATE_TTL",),
        operator=_(
            "The person came back later than OIDC_STATE_TTL (seconds) allows, twice in a row or after more "
            "than 15 minutes. Raise it if signing in at the provider takes people longer."
        ),
    ),
    "callback.state_malformed": Sentences(
        code="state_invalid",
        operator=_(
            "The parameter {parameter} is repeated, too long or not printable: somebody made the address by "
            "hand, or a proxy in between changes it."
        ),
    ),
    "callback.parameter_malformed": Sentences(
        code="provider_error",
        operator=_(
            "The parameter {parameter} is repeated, too long or not printable: the provider's administrator, "
            "or whoever runs a proxy in between, can tell why."
        ),
    ),
    "callback.other_issuer": Sentences(
        code="provider_error",
        lasting=True,
        settings=("OIDC_ISSUER_URL",),
        operator=_(
            "The response names another issuer than {issuer}: the browser was led from one provider to "
            "another (mix-up), or the configured issuer is not what the provider calls itself in its "
            "discovery document: copy it from there."
        ),
    ),
    "callback.issuer_missing": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The response has no iss, which the provider's metadata promises (RFC 9207): its administrator "
            "has to send it, or to stop promising it."
        ),
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
        code="provider_refused",
        operator=_("The provider says that it is overloaded or in maintenance: whoever runs it knows until when."),
    ),
    "callback.interaction_required": Sentences(
        code="provider_refused",
        operator=_("The provider wants to ask the person something, and was not let: a rule there forbids it."),
    ),
    "callback.login_required": Sentences(
        code="provider_refused",
        operator=_(
            "The person did not sign in at the provider. They begin anew; if it happens to everybody, the "
            "provider's log says why."
        ),
    ),
    "callback.account_selection_required": Sentences(
        code="provider_refused",
        operator=_("The person did not choose one of their accounts at the provider. They begin anew, and choose one."),
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
    "callback.code_missing": Sentences(
        code="provider_error",
        operator=_(
            "The response has neither code nor error: the provider's log says why, or a proxy in between "
            "drops the query."
        ),
    ),
    "callback.no_claims": Sentences(
        code="provider_error",
        operator=_(
            "The sign-in ended without claims: the library took something for suspicious; its log line says what."
        ),
    ),
    "callback.provider_changed": Sentences(
        code="provider_unavailable",
        operator=_(
            "The provider was removed, disabled or changed since the sign-in began. The person begins anew; "
            "if nobody changed it, compare the settings of all processes."
        ),
    ),
    "callback.another_backend": Sentences(
        code="forbidden",
        lasting=True,
        operator=_(
            "{backend} of AUTHENTICATION_BACKENDS raised PermissionDenied for this sign-in: the rule is in there."
        ),
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
        code="provider_unreachable",
        settings=("OIDC_ISSUER_URL",),
        operator=_(
            "The discovery document cannot be had: {detail} Compare the issuer with the provider's guide, and"
            " see whether this machine reaches it."
        ),
    ),
    "discovery.unusable": Sentences(
        code="provider_error",
        lasting=True,
        settings=("OIDC_ISSUER_URL",),
        operator=_("The discovery document cannot be used: {detail} Compare the issuer with the provider's guide."),
    ),
    "keys.unavailable": Sentences(
        code="provider_unreachable",
        operator=_(
            "The provider's keys cannot be had: {detail} Open the jwks_uri of its discovery document from "
            "this machine; else its administrator mends it."
        ),
    ),
    "token_endpoint.unreachable": Sentences(
        code="provider_unreachable",
        operator=_(
            "The token endpoint cannot be reached: {detail} Open the token_endpoint of the discovery document"
            " from this machine; else the provider's administrator mends it."
        ),
    ),
    "token_endpoint.unusable": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The token endpoint's answer cannot be used: {detail} Its address is the token_endpoint of the "
            "discovery document: the provider's administrator, or a proxy in between, answers something else "
            "there."
        ),
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
            "The provider does not know our client id ({client_id}), or the secret ({client_secret}) is wrong"
            " or has expired, or is to be sent in another way ({client_auth}): copy both from the provider "
            "anew, and see there how they are to be sent."
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
            "The provider knows the client and does not let it use the authorization code flow: switch that "
            "on there. Some also say so where the client secret is wrong ({client_secret})."
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
        settings=("OIDC_SCOPES",),
        operator=_(
            "The token endpoint's answer has no {token}: the scopes must hold openid, and the client must be "
            "one for OpenID Connect at the provider."
        ),
    ),
    "token_endpoint.token_type": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The token endpoint's answer names another token_type than Bearer: set the client to Bearer "
            "tokens at the provider (no DPoP, no MAC)."
        ),
    ),
    "id_token.refused": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The ID token is refused ({reason}): {detail} The provider's administrator can tell why it is made so."
        ),
    ),
    "id_token.wrong_issuer": Sentences(
        code="provider_error",
        lasting=True,
        settings=("OIDC_ISSUER_URL",),
        operator=_(
            "The ID token's iss is another issuer's: {detail} Copy the issuer from the provider's discovery "
            "document, to the last slash."
        ),
    ),
    "id_token.wrong_audience": Sentences(
        code="provider_error",
        lasting=True,
        settings=("OIDC_CLIENT_ID",),
        operator=_(
            "The ID token was made for another client: {detail} Compare the client id with the one at the provider."
        ),
    ),
    "id_token.expired": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The ID token had expired when it came: {detail} Compare the clocks of this machine and of the provider."
        ),
    ),
    "id_token.not_yet_valid": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The ID token is from the future: {detail} Compare the clocks of this machine and of the provider."),
    ),
    "id_token.algorithm_not_allowed": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The ID token is signed in a way that is not accepted: {detail} At the provider, let the client's"
            " ID tokens be signed with one of these (RS256, say), not with the client secret."
        ),
    ),
    "id_token.unknown_key": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The provider's key set has no key for the ID token: {detail} Its administrator has to publish "
            "the key that signs, with its kid."
        ),
    ),
    "id_token.bad_signature": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The ID token's signature is not one of the provider's keys: {detail} Its administrator has to "
            "publish the key that signs; a token changed on the way looks alike."
        ),
    ),
    "id_token.missing_claim": Sentences(
        code="provider_error",
        lasting=True,
        operator=_("The ID token lacks a claim: {detail} The provider's administrator has to add it for this client."),
    ),
    "id_token.wrong_nonce": Sentences(
        code="provider_error",
        operator=_(
            "The ID token was not made for this sign-in: {detail} The provider has to repeat the nonce of the"
            " authorization request; a replayed token looks alike."
        ),
    ),
    "id_token.no_subject": Sentences(
        code="missing_claims",
        lasting=True,
        operator=_("The ID token has no {missing}: the provider's administrator has to add it for this client."),
    ),
    "userinfo.unreachable": Sentences(
        code="provider_unreachable",
        operator=_(
            "The userinfo endpoint cannot be reached: {detail} Open the userinfo_endpoint of the discovery "
            "document from this machine; else the provider's administrator mends it."
        ),
    ),
    "userinfo.unusable": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The userinfo endpoint's answer cannot be used: {detail} The provider's administrator has to let "
            "it answer JSON for this client."
        ),
    ),
    "userinfo.refused": Sentences(
        code="provider_error",
        lasting=True,
        settings=("OIDC_SCOPES",),
        operator=_(
            "The userinfo endpoint refuses the access token that the provider just issued: {detail} Let the "
            "client ask userinfo at the provider; the scopes must hold openid."
        ),
    ),
    "userinfo.another_subject": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "userinfo speaks of another subject than the ID token, or of none: the provider's administrator "
            "has to send one sub in both (a mapping of sub, or pairwise subjects in one of them)."
        ),
    ),
    "introspection.unreachable": Sentences(
        code="provider_unreachable",
        operator=_(
            "The introspection endpoint cannot be reached: {detail} Open the introspection_endpoint of the "
            "discovery document from this machine; else the provider's administrator mends it."
        ),
    ),
    "introspection.unusable": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "The introspection endpoint's answer cannot be used: {detail} The provider's administrator has to"
            " let it answer JSON for this client."
        ),
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
        code="provider_unreachable",
        operator=_(
            "{call}: {host} closed the connection without an answer: look at its log, and at what stands in "
            "between (a firewall, a proxy)."
        ),
    ),
    "network.tls_self_signed": Sentences(
        code="provider_unreachable",
        lasting=True,
        settings=("OUTBOUND_CA_BUNDLE",),
        operator=_(
            "{call}: the certificate of {host} is signed by itself. Give it one of an authority, or put it "
            "into the file that OUTBOUND_CA_BUNDLE names."
        ),
    ),
    "network.tls_unknown_authority": Sentences(
        code="provider_unreachable",
        lasting=True,
        settings=("OUTBOUND_CA_BUNDLE",),
        operator=_(
            "{call}: the certificate of {host} is of an authority that is not known here, or the server does "
            "not send the certificates in between. Put your own authority into the file that "
            "OUTBOUND_CA_BUNDLE names."
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
        operator=_(
            "{call}: the certificate of {host} is for another name: correct the address, or have the "
            "certificate made for this name."
        ),
    ),
    "network.tls_other": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_(
            "{call}: no secure connection to {host} could be agreed on: its TLS is too old (1.2 is the "
            "least), or misconfigured: its administrator mends it."
        ),
    ),
    "network.not_tls": Sentences(
        code="provider_unreachable",
        lasting=True,
        operator=_(
            "{call}: {host} does not speak TLS on this port: https is written where http is served. Correct "
            "the address or the port, or have it served over TLS."
        ),
    ),
    "network.proxy": Sentences(
        code="provider_unreachable",
        settings=("OUTBOUND_PROXY",),
        operator=_(
            "{call}: the proxy that OUTBOUND_PROXY names cannot be reached, or does not let {host} through: "
            "correct it, or have its administrator allow the name."
        ),
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
            "{call}: {host} answers with a redirect ({status}): the address that is configured is not the "
            "last. Configure the one that it leads to."
        ),
    ),
    "network.server_error": Sentences(
        code="provider_unreachable", operator=_("{call}: {host} answered with {status}: its own log says why.")
    ),
    "network.ca_bundle": Sentences(
        code="provider_error",
        lasting=True,
        operator=_(
            "{call}: the file that {setting} ({place}) names cannot be read as certificates: it has to hold "
            "them in PEM."
        ),
    ),
    "claims.missing": Sentences(
        code="missing_claims",
        lasting=True,
        settings=("OIDC_SCOPES",),
        operator=_(
            "The provider sent no usable {missing}: compare the scopes, and let the client see it at the "
            "provider (a mapper, an optional claim, a consent)."
        ),
    ),
    # An access token of the provider, sent by an app
    "access_token.jwt": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "The access token is refused ({reason}): {detail} The app has to send a fresh one of this "
            "provider, as it was issued."
        ),
    ),
    "access_token.is_id_token": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "An ID token was sent in the access token's place: it has {mark}. The app's developer sends the "
            "access token, and the ID token beside it as id_token."
        ),
    ),
    "access_token.id_token": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "The ID token beside the access token is refused ({reason}): {detail} The app's developer sends "
            "the one that was issued together with this access token."
        ),
    ),
    "access_token.another_subject": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "Access token, ID token and userinfo speak of different people: the app's developer sends those "
            "of one sign-in."
        ),
    ),
    "access_token.userinfo_refused": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "The provider's userinfo endpoint refuses the access token: {detail} The app has to ask for the "
            "scope openid, and to send a token that has not ended."
        ),
    ),
    "access_token.no_proof": Sentences(
        code="token_not_bound",
        lasting=True,
        settings=("OIDC_CLIENT_SECRET",),
        operator=_(
            "An opaque access token without ID token, and no introspection endpoint to ask (that takes a "
            "client secret). The app's developer sends the id_token too, or the operator enters a client "
            "secret."
        ),
    ),
    "access_token.inactive": Sentences(
        code="token_not_bound",
        operator=_(
            "Introspection says that the access token is not active or has expired: the app has to get a "
            "fresh one at the provider."
        ),
    ),
    "access_token.another_issuer": Sentences(
        code="token_not_bound",
        lasting=True,
        settings=("OIDC_ISSUER_URL",),
        operator=_(
            "Introspection names another issuer than the configured one: copy the issuer from the provider's "
            "discovery document."
        ),
    ),
    "access_token.no_subject": Sentences(
        code="token_not_bound",
        lasting=True,
        operator=_(
            "Introspection names no subject: the provider's administrator has to add sub to it, or the app "
            "sends the id_token too."
        ),
    ),
    "access_token.another_client": Sentences(
        code="token_not_bound",
        lasting=True,
        settings=("OIDC_MOBILE_CLIENT_IDS",),
        operator=_(
            "The access token was issued to another client: list the app's client id with the provider's "
            "mobile client ids."
        ),
    ),
    "access_token.no_client": Sentences(
        code="token_not_bound",
        lasting=True,
        settings=("OIDC_MOBILE_CLIENT_IDS",),
        operator=_(
            "The access token names none of our clients: list the app's client id with the provider's mobile "
            "client ids, or have the app send the id_token too."
        ),
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
        settings=(
            "USER_SIGNUP",
            "OIDC_SIGNUP",
        ),
        operator=_(
            "There is no account yet, and USER_SIGNUP and OIDC_SIGNUP make none: change one of them, or the "
            "sign-in policy in the admin, or add the person there."
        ),
    ),
    "signup.domain": Sentences(
        code="signup_disabled",
        lasting=True,
        settings=("SIGNUP_EMAIL_DOMAINS",),
        operator=_(
            "There is no account yet, and the address's domain is not in SIGNUP_EMAIL_DOMAINS: add it there "
            "or in the sign-in policy in the admin, or add the person."
        ),
    ),
    "linking.email_not_verified": Sentences(
        code="email_not_verified",
        lasting=True,
        settings=("OIDC_TRUST_EMAIL",),
        operator=_(
            "There is no account yet, and the provider says that the address is not verified. It is verified "
            "there, or OIDC_TRUST_EMAIL (for a provider of the admin its field trust_email) is set to always."
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
        code="email_already_linked",
        lasting=True,
        operator=_(
            "The identity belongs to another account: the person signs in to that one, or it is unlinked on "
            "that account's page in the admin."
        ),
    ),
    "linking.several_accounts": Sentences(
        code="link_requires_sign_in",
        lasting=True,
        operator=_(
            "Several accounts have this address, in different spellings: nobody can tell which of them is "
            "meant. In the admin, under People, leave it to one of them."
        ),
    ),
    "linking.sign_in_first": Sentences(
        code="link_requires_sign_in",
        lasting=True,
        settings=(
            "OIDC_LINKING",
            "OIDC_TRUST_EMAIL",
        ),
        operator=_(
            "An account has this address, and neither the provider's word nor a password can prove that it is"
            " the same person's. They sign in the way they did, and link the provider from their account "
            "page. The provider's word counts where it says email_verified and linking is verified_email; "
            "never for staff."
        ),
    ),
    "linking.password_wanted": Sentences(
        code="link_confirmation_required",
        settings=(
            "OIDC_LINKING",
            "OIDC_TRUST_EMAIL",
        ),
        operator=_(
            "An account has this address, and its password is asked for before it is linked. Nothing is "
            "wrong; without a question it is linked where the provider says email_verified and linking is "
            "verified_email; never for staff."
        ),
    ),
    "linking.another_person": Sentences(
        code="link_requires_sign_in",
        operator=_(
            "The person who began the link is not signed in in this browser any more: they sign in again, and"
            " link from their account page."
        ),
    ),
    "linking.ticket_of_another": Sentences(
        code="link_requires_sign_in",
        operator=_(
            "The link ticket was used, has expired, or is not this browser's: the person links once more from"
            " their account page."
        ),
    ),
    "provisioning.in_parallel": Sentences(
        code="provider_error",
        operator=_(
            "The same person came in many times at once, or the database refuses the new rows: a required column "
            "of the user model that People.create does not fill."
        ),
    ),
    # Passwords, and what is mailed
    "password.address_unknown": Sentences(
        code="invalid_credentials",
        operator=_("No account has this address: the person mistyped it, or has another here."),
    ),
    "password.wrong": Sentences(
        code="invalid_credentials",
        operator=_("The password is not the account's. The person may ask for a link to choose a new one."),
    ),
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
        code="invalid_credentials",
        operator=_(
            "The password that a signed-in person gave is not the account's. They may ask for a link to "
            "choose a new one."
        ),
    ),
    "password.throttled": Sentences(
        code="throttled",
        settings=(
            "RATE_LIMIT_LOGIN",
            "RATE_LIMIT_LOGIN_PER_NETWORK",
            "TRUSTED_PROXIES",
        ),
        operator=_(
            "Wrong passwords came too often from this client network: RATE_LIMIT_LOGIN limits them for one "
            "account, RATE_LIMIT_LOGIN_PER_NETWORK for all together. There is room again in {wait} seconds. "
            "If everybody seems to come from one network, see TRUSTED_PROXIES."
        ),
    ),
    "password.disabled": Sentences(
        code="password_login_disabled",
        lasting=True,
        settings=("DISABLE_INTERNAL_AUTH",),
        operator=_(
            "Sign-in by password is off: DISABLE_INTERNAL_AUTH, or the sign-in policy in the admin, says so. "
            "The person signs in through a provider."
        ),
    ),
    "password.not_set": Sentences(
        code="password_not_available",
        lasting=True,
        operator=_("The account has no password to change: a first one is set instead."),
    ),
    "rate_limit.full": Sentences(
        code="throttled",
        settings=("TRUSTED_PROXIES",),
        developer=_(
            "Too many of these requests came in a short time. There is room again in {wait} seconds: wait as "
            "long as Retry-After says, and space them out."
        ),
        operator=_(
            "Too many of these requests came from one client network, or for one account or organization. "
            "There is room again in {wait} seconds. If everybody seems to come from one network, see "
            "TRUSTED_PROXIES."
        ),
    ),
    "registration.closed": Sentences(
        code="signup_disabled",
        lasting=True,
        settings=("USER_SIGNUP",),
        operator=_(
            "Registration is closed: USER_SIGNUP, or the sign-in policy in the admin, says so. Open it, or "
            "add the person in the admin."
        ),
    ),
    "registration.domain": Sentences(
        code="signup_disabled",
        lasting=True,
        settings=("SIGNUP_EMAIL_DOMAINS",),
        operator=_(
            "The address's domain is not among those that may register: SIGNUP_EMAIL_DOMAINS, or the sign-in "
            "policy in the admin, lists them. Add it there, or add the person in the admin."
        ),
    ),
    "registration.address_taken": Sentences(
        code="email_taken",
        lasting=True,
        operator=_(
            "An account with this address is there already: the person signs in to it, or asks for a new password."
        ),
    ),
    "request.fields": Sentences(
        code="invalid_request",
        operator=_("These fields were refused: {fields}. The answer's errors say what is wrong with each."),
    ),
    "refresh_token.unknown": Sentences(
        code="refresh_token_invalid",
        operator=_(
            "The refresh token is none of ours, is damaged, or its session was ended. The person signs in "
            "again. If it happens to everybody at once, see whether the database is the one of before."
        ),
    ),
    "refresh_token.ended": Sentences(
        code="refresh_token_invalid",
        operator=_("The session of the refresh token is past its end: the person signs in again."),
    ),
    "refresh_token.not_active": Sentences(
        code="refresh_token_invalid",
        lasting=True,
        operator=_(
            "The account of the refresh token is suspended or waits for approval: the administration, under "
            "People, changes that."
        ),
    ),
    "refresh_token.reused": Sentences(
        code="refresh_token_invalid",
        settings=("REFRESH_REUSE_GRACE",),
        operator=_(
            "A refresh token came a second time, later than REFRESH_REUSE_GRACE (seconds) allows: it was "
            "stolen, or the client keeps old ones: it has to keep the newest alone. The session was ended; "
            "the person signs in again."
        ),
    ),
    "mailed_link.unknown": Sentences(
        code="invalid_request",
        lasting=True,
        operator=_(
            "The mailed link was used, replaced by a newer one, has expired, or is for an address of before: "
            "the person asks for a new one."
        ),
    ),
    "mailed_link.sign_in_first": Sentences(
        code="sign_in_to_verify",
        operator=_(
            "The mailed link was followed by somebody not signed in to the account, who gave no password. It "
            "is still good: they sign in, and follow it once more."
        ),
    ),
    "sign_in_link.unknown": Sentences(
        code="invalid_request",
        lasting=True,
        operator=_(
            "The one-time sign-in address was used, has expired, or was replaced by a newer one: make another"
            " with manage.py signin_link."
        ),
    ),
    # Calls of programs: what is told to the developer of an organization stands first
    "token.malformed": Sentences(
        code="malformed",
        lasting=True,
        developer=_("{detail} Send the ID token exactly as the issuer returned it: three parts with dots between."),
        operator=_(
            "The token is no signed JWT, or one of its parts has a form that is not allowed: {detail} The "
            "caller has to send the ID token as the issuer returned it."
        ),
    ),
    "token.too_large": Sentences(
        code="too_large",
        lasting=True,
        developer=_("The token is larger than 16 KiB: have the issuer leave claims out (groups, say)."),
        operator=_("The token is larger than 16 KiB: the issuer has to leave claims out (groups, say)."),
    ),
    "token.algorithm_not_allowed": Sentences(
        code="algorithm_not_allowed",
        lasting=True,
        developer=_(
            "{detail} Have the issuer sign with one of these, or add its algorithm to "
            "authorization.algorithms of the user pool. HS256 and none are never accepted."
        ),
        operator=_(
            "The token is signed with an algorithm that the pool does not list: {detail} Its organization "
            "adds it to algorithms of the pool, or has its issuer sign with one of these."
        ),
    ),
    "token.unknown_key": Sentences(
        code="unknown_key",
        lasting=True,
        developer=_(
            "{detail} Compare authorization.jwksUri of the user pool with the issuer that made the token; "
            "that issuer has to publish the key that signs, with its kid."
        ),
        operator=_(
            "The issuer's key set has no key for the token: {detail} The organization compares jwksUri of the"
            " pool with the token's issuer; its issuer publishes the key that signs."
        ),
    ),
    "token.bad_signature": Sentences(
        code="bad_signature",
        lasting=True,
        developer=_(
            "No key of the issuer made the token's signature: it was changed on the way, or comes from "
            "another issuer. Compare authorization.jwksUri of the user pool with the issuer that made the "
            "token."
        ),
        operator=_(
            "No key of the issuer made the token's signature: it was changed, or comes from somebody else "
            "with the same kid. The organization compares jwksUri of the pool with the token's issuer."
        ),
    ),
    "token.expired": Sentences(
        code="expired",
        developer=_("{detail} Get a fresh token at the issuer; if it is fresh, compare the issuer's clock."),
        operator=_(
            "The token's exp has passed: {detail} The client has to get a fresh one; if it is fresh, a clock is wrong."
        ),
    ),
    "token.not_yet_valid": Sentences(
        code="not_yet_valid",
        developer=_("{detail} Compare the issuer's clock with the right time; times are seconds, not milliseconds."),
        operator=_(
            "The token's nbf or iat lies in the future: {detail} The issuer's clock is wrong, or ours "
            "(manage.py doctor compares it)."
        ),
    ),
    "token.wrong_issuer": Sentences(
        code="wrong_issuer",
        lasting=True,
        developer=_(
            "{detail} Send a token of that issuer, or correct authorization.issuer of the user pool, to the last slash."
        ),
        operator=_(
            "The token's iss is not the issuer of the pool, compared to the last slash: {detail} Its "
            "organization corrects issuer of the pool, or the caller sends a token of that issuer."
        ),
    ),
    "token.wrong_audience": Sentences(
        code="wrong_audience",
        lasting=True,
        developer=_(
            "{detail} Send the token that was made for this application, or add its client id to "
            "authorization.audience of the user pool."
        ),
        operator=_(
            "The token's aud names none of the audiences that the pool lists: {detail} Its organization adds "
            "the client id of the app to audience of the pool, or the caller sends the token made for it."
        ),
    ),
    "token.wrong_type": Sentences(
        code="wrong_type",
        lasting=True,
        developer=_("{detail} Send the ID token: access tokens and logout tokens are something else."),
        operator=_(
            "It is another kind of token: {detail} The caller has to send the ID token, not an access token "
            "or a logout token."
        ),
    ),
    "token.missing_claim": Sentences(
        code="missing_claim",
        lasting=True,
        developer=_(
            "{detail} Have the issuer add it, or change authorization.idClaim, issuer or audience of the user"
            " pool, which ask for it."
        ),
        operator=_(
            "The token lacks a claim that the pool needs: {detail} Its organization has the issuer add it, or"
            " changes idClaim, issuer or audience of the pool."
        ),
    ),
    "token.email_unverified": Sentences(
        code="email_unverified",
        lasting=True,
        developer=_(
            "The user pool knows its users by their address, and the token does not say email_verified: true."
            " Have the issuer verify the address, or set authorization.idClaim to sub."
        ),
        operator=_(
            "The pool knows its users by their address, and the token does not say that it was verified. Its "
            "organization has the issuer send email_verified: true, or sets idClaim of the pool to sub."
        ),
    ),
    "token.revoked": Sentences(
        code="revoked",
        developer=_(
            "The token was good: its session was ended, or all tokens of its user revoked. Get a fresh one by"
            " a fresh sign-in."
        ),
        operator=_(
            "The token was good: its session was ended, its account blocked, or all tokens of its user "
            "revoked. A fresh sign-in gives a good one."
        ),
    ),
    "token.blocked": Sentences(
        code="blocked",
        lasting=True,
        developer=_(
            "Your organization has blocked this user: an administrator of it can unblock them, on the page of"
            " its app users."
        ),
        operator=_("The organization has blocked this user: it can unblock them (POST /org/appUser/.../unblock)."),
    ),
    "token.keys_unavailable": Sentences(
        code="keys_unavailable",
        developer=_(
            "{detail} POST /org/userPool/{{id}}/check says what is seen at authorization.jwksUri; the issuer "
            "has to answer there with its key set."
        ),
        operator=_(
            "The issuer's keys cannot be had, so that nobody can tell whether the token is good: {detail} See"
            " manage.py doctor --pool; the organization's issuer has to answer."
        ),
    ),
    # Our own access tokens
    "access.bad_signature": Sentences(
        code="bad_signature",
        lasting=True,
        operator=_(
            "The access token was signed with a SECRET_KEY that is not ours: it is another installation's, or "
            "SECRET_KEY was changed and the old one is not in SECRET_KEY_FALLBACKS."
        ),
    ),
    "access.wrong_issuer": Sentences(
        code="wrong_issuer",
        lasting=True,
        settings=("ORIGIN",),
        operator=_(
            "The access token was issued under another APP_URL: it was changed since, or processes with two of them "
            "share a SECRET_KEY. The person signs in again."
        ),
    ),
    "access.expired": Sentences(
        code="expired",
        operator=_("The access token has ended: the program uses its refresh token to get a new one."),
    ),
    "access.revoked": Sentences(
        code="revoked",
        operator=_("The session of the access token was ended, or its account suspended: the person signs in again."),
    ),
    # Pools
    "pool.authorization": Sentences(
        code="invalid_request",
        lasting=True,
        settings=("POOL_PRIVATE_ORIGINS",),
        developer=_("authorization.{member} was refused: {detail}"),
        operator=_(
            "An organization sent {member} of a pool that can never work: {detail} It corrects that. If it is an "
            "address in your own network, and meant, list its exact origin in POOL_PRIVATE_ORIGINS."
        ),
    ),
    "pool.in_use": Sentences(
        code="in_use",
        lasting=True,
        operator=_("SDK clients use the pool that was to be deleted: the organization deletes them first."),
    ),
    "pool.kind_fixed": Sentences(
        code="pool_kind_fixed",
        lasting=True,
        operator=_("A pool was to change between hosted and self-hosted: the organization makes a new one instead."),
    ),
    "pool.not_hosted": Sentences(
        code="pool_not_hosted",
        lasting=True,
        operator=_("Tokens were asked for in a pool that has an issuer of its own: that one issues them."),
    ),
    "pool.changes": Sentences(
        code="throttled",
        operator=_("Several calls changed one pool at the same moment: the caller makes them one after the other."),
    ),
    "pool.fetches": Sentences(
        code="throttled",
        operator=_(
            "The organization had as many documents fetched as it may in a minute: it waits {wait} seconds, and checks "
            "its pools less often."
        ),
    ),
    "picture.unusable": Sentences(
        code="invalid_request",
        lasting=True,
        operator=_("What was uploaded is no picture that is decoded here: JPEG, PNG, WebP or GIF, 5 MiB at most."),
    ),
    "picture.crowded": Sentences(
        code="throttled", operator=_("Other pictures were being read at that moment: the person sends it once more.")
    ),
    "client.unknown": Sentences(
        code="unknown_client",
        lasting=True,
        developer=_(
            "No SDK client of kind application has the id that X-Client-Id names: copy it from the list of "
            "your SDK clients (GET /org/sdkClient)."
        ),
        operator=_(
            "No SDK client of kind application has the id that was sent, or its organization is disabled: "
            "compare it with the list of clients in the admin."
        ),
    ),
    "client.not_accepted": Sentences(
        code="unknown_client",
        lasting=True,
        settings=("APP_USER_CLIENTS",),
        developer=_(
            "The client is there, and this program does not take its users: whoever runs the program adds its id."
        ),
        operator=_(
            "The client is there, and APP_USER_CLIENTS, or the view itself, does not list it: add its id there."
        ),
    ),
    "client.not_named": Sentences(
        code="client_required",
        lasting=True,
        developer=_(
            "X-Client-Id is missing, and the token is not one of a hosted pool: send the id of your SDK client in it."
        ),
        operator=_("X-Client-Id is missing, and the token is not one of a hosted pool: the caller has to send it."),
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
        code="key_cannot_make_keys",
        lasting=True,
        developer=_(
            "An API key cannot make or rotate keys: a member of the organization does that, signed in as a person."
        ),
        operator=_("An API key asked for another one: a member of the organization does that, signed in as a person."),
    ),
    "organization.not_named": Sentences(
        code="organization_required",
        lasting=True,
        developer=_("You belong to several organizations: send the id of one in X-Organization-Id."),
        operator=_(
            "The person belongs to several organizations and named none: the caller sends the id of one in "
            "X-Organization-Id."
        ),
    ),
    "organization.unknown": Sentences(
        code="not_found",
        lasting=True,
        developer=_(
            "You or the key do not belong to the organization that X-Organization-Id names, or it is "
            "disabled: compare the id with GET /api/auth/me."
        ),
        operator=_(
            "The person or the key does not belong to the organization that was named, or it is disabled: see"
            " Organizations in the admin."
        ),
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
    "invitation.unknown": Sentences(
        code="invitation_invalid",
        operator=_(
            "No invitation counts with this link: it was accepted, withdrawn, sent anew or has expired, or whoever "
            "sent it administers the organization no more. An administrator sends another one."
        ),
    ),
    "invitation.wrong_address": Sentences(
        code="wrong_address",
        operator=_(
            "The person is signed in with another address than the invitation's: an administrator may invite that one."
        ),
    ),
    "invitation.of_a_member": Sentences(
        code="already_member", operator=_("The person who was invited is a member of the organization already.")
    ),
    "invitation.sign_in_first": Sentences(
        code="not_authenticated",
        operator=_("The address of the invitation has an account, and the call was not signed in to it."),
    ),
    "call.no_credential": Sentences(
        code="not_authenticated",
        lasting=True,
        developer=_(
            "The call had no credential that this address takes: send it in the header Authorization: Bearer."
            " If you did, see whether a proxy in between drops the header."
        ),
        operator=_(
            "The call had no credential of a kind that this address takes: the caller sends one in the "
            "Authorization header, as Bearer. If it did, see whether a proxy drops the header."
        ),
    ),
    "call.forbidden": Sentences(
        code="forbidden",
        lasting=True,
        developer=_(
            "The credential is good, and does not allow this call: an administrator of your organization can "
            "give a read-only member another role."
        ),
        operator=_(
            "The credential is good, and does not allow this call: an administrator of the organization can "
            "give a read-only member another role."
        ),
    ),
    "call.not_found": Sentences(
        code="not_found",
        lasting=True,
        developer=_(
            "Your organization has nothing with the id in the address, or the body: compare it with the list;"
            " another organization's things are not found."
        ),
        operator=_(
            "The organization has nothing with the id in the address, or the body: the caller compares it "
            "with the list."
        ),
    ),
    "call.method": Sentences(
        code="method_not_allowed",
        lasting=True,
        operator=_("The address does not take this method: Allow in the answer names those that it takes."),
    ),
    "call.media_type": Sentences(
        code="unsupported_media_type",
        lasting=True,
        operator=_("The body was not sent as JSON: the caller sends Content-Type: application/json."),
    ),
    "call.changed_meanwhile": Sentences(
        code="in_use",
        operator=_(
            "Two calls changed the same things at one moment; the other one was first. The caller looks at them again."
        ),
    ),
    "request.unreadable": Sentences(
        code="invalid_request",
        lasting=True,
        operator=_(
            "The body is no JSON object that can be read: the caller sends one, in UTF-8, with Content-Type: "
            "application/json."
        ),
    ),
    "request.too_large": Sentences(
        code="body_too_large",
        lasting=True,
        operator=_("The body is larger than this address takes (64 KiB): the caller sends less."),
    ),
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
        settings=(
            "ORIGIN",
            "TRUSTED_PROXIES",
        ),
        operator=_(
            "The form had no valid token of this browser: cookies blocked, a form that was open too long, an "
            "APP_URL that is not the address people use, a proxy that does not say https (X-Forwarded-Proto),"
            " or a form of another site."
        ),
    ),
    "service.unavailable": Sentences(
        code="unavailable",
        operator=_(
            "The service was short of something it waits for: its database, a key that decrypts, or places "
            "for calls to the outside. Its log says which; manage.py doctor looks at each."
        ),
    ),
    "code.another": Sentences(
        code="forbidden", operator=_("Refused with the code {code}: the list of codes says when that is.")
    ),
    # Codes, tickets and what stands on the account page
    "exchange_code.unknown": Sentences(
        code="exchange_code_invalid",
        settings=("OIDC_EXCHANGE_CODE_TTL",),
        operator=_(
            "The code is unknown, was used, or is older than OIDC_EXCHANGE_CODE_TTL (seconds). The person "
            "signs in again; a front end must hand it in at once, and once."
        ),
    ),
    "exchange_code.bound_elsewhere": Sentences(
        code="exchange_code_invalid",
        operator=_(
            "The code is bound to another browser or code verifier. A front end on another site sends "
            "code_challenge at the beginning and code_verifier at the end; one of ours needs its cookies, "
            "with credentials: include."
        ),
    ),
    "link_code.unknown": Sentences(
        code="link_code_invalid",
        operator=_(
            "The link code is unknown, was used, has expired or is out of tries: the person signs in through "
            "the provider again to get a new one."
        ),
    ),
    "link_code.bound_elsewhere": Sentences(
        code="link_code_invalid",
        operator=_(
            "The link code is bound to another browser or code verifier: the person finishes where they "
            "began, or begins anew."
        ),
    ),
    "link_code.address_changed": Sentences(
        code="link_code_invalid",
        operator=_(
            "The account's address changed, or the account is gone, since the link was asked for: the person "
            "signs in through the provider again."
        ),
    ),
    "link_code.linked_meanwhile": Sentences(
        code="link_code_invalid",
        operator=_("The identity was linked since the link was asked for: the person signs in through the provider."),
    ),
    "identities.unknown": Sentences(
        code="not_found",
        lasting=True,
        operator=_("The person has no identity with this id: it was unlinked before. They reload the list."),
    ),
    "identities.last_way_in": Sentences(
        code="last_way_in",
        lasting=True,
        operator=_(
            "Without this identity nobody could sign in to the account: the person sets a password or links "
            "another provider first."
        ),
    ),
    "sign_in.not_fresh": Sentences(
        code="fresh_sign_in_required",
        operator=_("The sign-in is older than five minutes: the person signs in once more, and repeats the step."),
    ),
    "providers.none_enabled": Sentences(
        code="oidc_not_enabled",
        lasting=True,
        settings=("OIDC_ENABLED",),
        operator=_("No provider is enabled: set OIDC_ENABLED, or enable one in the administration, under Providers."),
    ),
    "providers.unknown": Sentences(
        code="not_found",
        lasting=True,
        operator=_(
            "No enabled provider has this slug: compare the link that was followed with the list of providers"
            " in the administration."
        ),
    ),
    "request.malformed": Sentences(
        code="invalid_request",
        lasting=True,
        operator=_(
            "The parameter {parameter} is repeated or malformed: whoever made the link to initiate corrects it."
        ),
    ),
    "request.redirect": Sentences(
        code="invalid_redirect",
        lasting=True,
        settings=(
            "ORIGIN",
            "FRONTEND_URLS",
        ),
        operator=_(
            "The redirect leads neither to this site nor to the front end that the sign-in ends at: whoever "
            "made the link sends a path that begins with a single slash, or names that front end in "
            "return_to."
        ),
    ),
    "request.return_to": Sentences(
        code="invalid_redirect",
        lasting=True,
        settings=(
            "ORIGIN",
            "FRONTEND_URLS",
        ),
        operator=_(
            "The sign-in is to end at an origin that is neither this site nor listed in FRONTEND_URLS, or "
            "that is not listed there any more: add it there."
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
    "pool_not_hosted", "pool_kind_fixed",
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
        remedy=_("Begin at the sign-in page. If a link led you here, tell whoever made it."),
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
        title=_("No new account here"),
        cause=_(
            "There is no account for you yet, and new ones are not made by themselves, or not for addresses like yours."
        ),
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
    "invitation_invalid": Message(
        title=_("This invitation cannot be used"),
        cause=_("It works once, for seven days, and only while whoever sent it may invite."),
        remedy=_("Ask an administrator of the organization for a new one."),
    ),
    "wrong_address": Message(
        title=_("The invitation is for another address"),
        cause=_("You are signed in to an account with another address than the one it was mailed to."),
        remedy=_("Sign out, and sign in to the account that has the address; or ask for an invitation to this one."),
    ),
    "already_member": Message(
        title=_("A member already"),
        cause=_("Whoever was invited belongs to the organization already."),
        remedy=_("Nothing has to be done. An administrator can give another role."),
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
