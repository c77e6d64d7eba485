"""Client id and secret tried without a sign-in: a code that nobody issued is sent to the token endpoint.

A provider looks at the client first (RFC 6749 4.1.3, 5.2): `invalid_grant` says that it knows id and secret,
`invalid_client` that it does not. Nothing it writes beside the error code is shown.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import FetchFailed, FetchRefused
from fairlead.idtokens.fetch import Fetcher
from fairlead.idtokens.fetched import Fetched
from fairlead.web.health.findings import Finding, good, note, problem, warning
from oidc_login.diagnostics.named import part
from oidc_login.flow import provider_client
from oidc_login.flow.authorization_request import callback_url
from oidc_login.providers import ProviderConfig


def client(known: ProviderMetadata, provider: ProviderConfig, fetcher: Fetcher) -> Finding:
    """One call to the token endpoint."""
    what = gettext("Client id and secret")
    form = {
        "grant_type": "authorization_code",
        "code": secrets.token_urlsafe(24),
        "redirect_uri": callback_url(),
        "code_verifier": secrets.token_urlsafe(48),
    }
    auth, more = provider_client.authentication(provider, known)
    try:
        answer = fetcher.post_form(known.token_endpoint, {**form, **more}, auth=auth)
    except (FetchFailed, FetchRefused) as error:
        return problem(
            what,
            f"{known.token_endpoint}: {error.detail}",
            gettext("Without its token endpoint nobody comes in: this is for the provider's administrator."),
        )
    code = _code(answer)
    if answer.status == 401 and code != "invalid_grant":
        code = "invalid_client"
    judged = _ANSWERS.get(code)
    if judged is not None:
        return judged(what, provider)
    return note(
        what,
        gettext("The token endpoint answers a wrong code with {status}: that tells nothing.").format(
            status=answer.status
        ),
        gettext("The dry sign-in tries them."),
    )


def _code(answer: Fetched) -> str:
    try:
        document: Any = answer.json()
    except FetchRefused:
        return ""
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, str) else ""


def _known(what: str, provider: ProviderConfig) -> Finding:
    if not provider.client_secret:
        return good(what, gettext("The token endpoint knows the client id, and asks for no secret."))
    return good(what, gettext("The token endpoint takes both: it refuses only the code, which was made up."))


def _wrong(what: str, provider: ProviderConfig) -> Finding:
    if not provider.client_secret:
        return problem(
            what,
            gettext("The token endpoint refuses the client: no secret is sent, and it may want one."),
            gettext("Enter {secret}, or make the client public at the provider; compare {id}.").format(
                secret=part(provider, "client_secret"), id=part(provider, "client_id")
            ),
        )
    return problem(
        what,
        gettext("The token endpoint refuses the client: id, secret or the way they are sent is wrong."),
        gettext("Compare with the provider, in this order: {secret}, {id}, {auth}.").format(
            secret=part(provider, "client_secret"), id=part(provider, "client_id"), auth=part(provider, "client_auth")
        ),
        why=gettext("Nobody comes in: every code is refused alike."),
    )


def _not_allowed(what: str, provider: ProviderConfig) -> Finding:
    return problem(
        what,
        gettext("The provider does not know this client, or it may not use authorization codes."),
        gettext("Compare {id}; allow the authorization code flow for this client at the provider.").format(
            id=part(provider, "client_id")
        ),
    )


def _other_address(what: str, provider: ProviderConfig) -> Finding:
    return problem(
        what,
        gettext("The provider does not know our callback address for this client."),
        gettext("Register it at the provider, to the letter: {address}").format(address=callback_url()),
    )


_ANSWERS: dict[str, Callable[[str, ProviderConfig], Finding]] = {
    "invalid_grant": _known,
    "invalid_client": _wrong,
    "unauthorized_client": _not_allowed,
    "unsupported_grant_type": _not_allowed,
    "redirect_uri_mismatch": _other_address,
}


def userinfo(known: ProviderMetadata, fetcher: Fetcher) -> Finding | None:
    """One call without a token, which has to be refused. None where there is no such endpoint."""
    what, url = gettext("Userinfo"), known.userinfo_endpoint
    if url is None:
        return None
    try:
        fetcher.get_json(url)
    except FetchRefused as error:
        if error.status in {400, 401, 403}:
            return good(what, gettext("It answers, and asks for a token."))
        return warning(what, f"{url}: {error.detail}", _for_them(), why=_why())
    except FetchFailed as error:
        return warning(what, f"{url}: {error.detail}", _for_them(), why=_why())
    return warning(what, gettext("{url} answers without a token.").format(url=url), _for_them())


def _for_them() -> str:
    return gettext("This is for the provider's administrator to repair.")


def _why() -> str:
    return gettext("Every sign-in asks there, and ends where it gets no answer.")
