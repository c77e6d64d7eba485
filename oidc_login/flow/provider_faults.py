"""What a provider, or the way to it, did not let through: each fault as the cause that says who mends it, and where.

Of what the provider wrote only a registered error code is taken (RFC 6749 5.2, RFC 7009): the list is closed.
"""

from fairlead.causes import TABLE, cause
from fairlead.conf import source
from fairlead.idtokens.errors import Explained, FetchRefused
from fairlead.idtokens.fetched import Fetched
from oidc_login.errors import LoginRefused
from oidc_login.flow.authorization_request import callback_url
from oidc_login.providers import ProviderConfig

TOKEN_ERRORS = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"}
    | {"invalid_scope"}
)


# RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6.
RESPONSE_ERRORS = frozenset(
    {"access_denied", "invalid_request", "invalid_scope", "server_error", "temporarily_unavailable"}
    | {"unauthorized_client", "unsupported_response_type", "interaction_required", "login_required"}
    | {"account_selection_required", "consent_required", "request_not_supported", "registration_not_supported"}
)


def of_response(error: str, *, provider: ProviderConfig) -> LoginRefused:
    """The error of an authorization response. What a provider made up itself is not repeated."""
    if error not in RESPONSE_ERRORS:
        return LoginRefused("callback.error")
    return LoginRefused(f"callback.{error}", redirect_uri=callback_url(), **_where(provider))


def refusal(otherwise: str, error: Explained, *, provider: ProviderConfig) -> LoginRefused:
    """The network's fault, where one is behind the error; else the cause `otherwise`, which takes a `detail`."""
    if error.fault is None:
        return LoginRefused(otherwise, detail=str(error))
    facts = {"host": provider.issuer, **error.fault_facts, "call": otherwise.partition(".")[0]}
    if setting := facts.get("setting"):
        facts["setting"], facts["place"] = source(str(setting))
    return LoginRefused(cause(f"network.{error.fault}", **facts))


def of_answer(endpoint: str, answer: Fetched, *, provider: ProviderConfig) -> LoginRefused:
    """The no of the token endpoint or of introspection."""
    error = _error(answer)
    # Whoever says no to the client says 401; RFC 6749 5.2 has one code for it.
    if error is None and answer.status == 401:
        error = "invalid_client"
    if f"{endpoint}.{error}" not in TABLE:
        return LoginRefused(f"{endpoint}.status", status=answer.status)
    return LoginRefused(f"{endpoint}.{error}", status=answer.status, redirect_uri=callback_url(), **_where(provider))


def _error(answer: Fetched) -> str | None:
    try:
        document = answer.json()
    except FetchRefused:
        return None
    named = document.get("error") if isinstance(document, dict) else None
    return named if isinstance(named, str) and named in TOKEN_ERRORS else None


def _where(provider: ProviderConfig) -> dict[str, str]:
    """Where client id, secret and scopes of this provider are set."""
    if not provider.from_settings:
        place = f"admin, {provider.slug}"
        return {"client_id": place, "client_secret": place, "client_auth": place, "scopes": place}
    keys = {name: f"OIDC_{name.upper()}" for name in ("client_id", "client_secret", "client_auth", "scopes")}
    return {name: " in ".join(source(key)) for name, key in keys.items()}
