"""Tries a provider out without anybody signing in: discovery, keys, algorithms, clocks. For administrators.

Everything is asked anew and nothing is stored: neither the cached documents nor their cooldowns are touched. It uses
the same readers as a sign-in does (`discovery.read`, `keys.parse`), so what passes here passes there. Client id and
secret are not tried: that takes a sign-in (the dry one).
"""

from collections.abc import Callable, Generator, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from fairlead.idtokens import discovery, keys
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import FetchFailed, FetchRefused, MetadataRefused
from fairlead.idtokens.fetch import Fetcher
from fairlead.idtokens.fetched import Fetched
from fairlead.idtokens.keys import KeySet
from oidc_login.admin.findings import Finding, Verdict, failed, good
from oidc_login.flow import provider_client
from oidc_login.providers import ProviderConfig

_LEEWAY = 60  # seconds: what a login forgives
_NOTICEABLE = 5  # seconds
_IN_METADATA = {"post": "client_secret_post", "basic": "client_secret_basic", "none": "none"}


def look(provider: ProviderConfig, *, fetcher: Fetcher, clock: Callable[[], float]) -> list[Finding]:
    """The report. Two calls to the provider at most; a failure ends it early, with the remedy. `clock` in seconds."""
    return list(_look(provider, fetcher=fetcher, clock=clock))


def _look(provider: ProviderConfig, *, fetcher: Fetcher, clock: Callable[[], float]) -> Iterator[Finding]:
    url = discovery.discovery_url(provider.issuer)
    try:
        answer = fetcher.get_json(url)
        now = clock()
        document = discovery.parse(answer.json())
    except (FetchFailed, FetchRefused) as error:
        yield failed("Discovery", f"{url}: {error.detail}", _remedy_of_discovery(error))
        return
    yield good("Discovery", f"{url} answers with a discovery document.")
    yield _issuer(document, provider)
    if document["issuer"] != provider.issuer:
        return
    try:
        known = discovery.read(document, issuer=provider.issuer, check_url=fetcher.check_url)
    except MetadataRefused as error:
        yield failed("Endpoints", error.detail, "This is for the provider's administrator to repair.")
        return
    yield _endpoints(known)
    keyset = yield from _keys(known, fetcher)
    yield _algorithms(known, keyset)
    yield _pkce(known)
    yield _client_auth(known, provider)
    yield _scopes(document, provider)
    yield _clock(answer, now)


def _issuer(document: dict[str, Any], provider: ProviderConfig) -> Finding:
    named = document["issuer"][:300]
    if named == provider.issuer:
        return good("Issuer", f"The provider calls itself {named}, exactly as configured.")
    remedy = "Configure exactly what the provider says, to the last slash."
    if "{" in named:
        remedy = "This address serves many organizations. Use the one with your own tenant's id in it."
    return failed("Issuer", f"The provider calls itself {named}, but {provider.issuer} is configured.", remedy)


def _remedy_of_discovery(error: FetchFailed | FetchRefused) -> str:
    if error.status == 404:
        return "There is no discovery document at this issuer. Compare the issuer with the provider's guide."
    if error.status is not None:
        return "Open the address in a browser: it has to show a JSON document, without a redirect."
    return "Compare the address with the provider's guide, and see whether this server can reach it."


def _endpoints(known: ProviderMetadata) -> Finding:
    offered = {
        "userinfo": known.userinfo_endpoint,
        "introspection": known.introspection_endpoint,
        "sign-out": known.end_session_endpoint,
    }
    there = ", ".join(name for name, url in offered.items() if url) or "none"
    missing = ", ".join(name for name, url in offered.items() if not url)
    text = f"Authorization, token and keys may all be called. Beyond them: {there}."
    return good("Endpoints", text + (f" Not offered: {missing}; a sign-in needs none of them." if missing else ""))


def _keys(known: ProviderMetadata, fetcher: Fetcher) -> Generator[Finding, None, KeySet]:
    keyset = KeySet()
    try:
        keyset = keys.parse(fetcher.get_json(known.jwks_uri).json())
    except (FetchFailed, FetchRefused) as error:
        yield failed("Keys", f"{known.jwks_uri}: {error.detail}", "Without its keys no token can be verified.")
        return keyset
    except keys.NotAKeySet as error:
        yield failed("Keys", f"The document at {known.jwks_uri} {error}.", "Without keys no token can be verified.")
        return keyset
    ids = ", ".join(f"{(key.kid or 'without an id')[:60]} ({'/'.join(sorted(key.algorithms))})" for key in keyset.keys)
    if keyset.keys:
        yield good("Keys", f"{len(keyset.keys)} usable: {ids}.")
    else:
        yield failed("Keys", "The key set holds no usable key.", "The provider has to sign with a public key.")
    for entry in keyset.ignored[:5]:
        yield Finding(
            what="Keys", verdict=Verdict.NOTE, text=f"Entry {entry.position + 1} is not used: it {entry.reason}."
        )
    return keyset


def _algorithms(known: ProviderMetadata, keyset: KeySet) -> Finding:
    accepted = ", ".join(sorted(known.id_token_algorithms))
    held = {algorithm for key in keyset.keys for algorithm in key.algorithms}
    if keyset.keys and not held & known.id_token_algorithms:
        return failed(
            "ID token algorithms",
            f"Offered and accepted here: {accepted}; but no key of the set is made for any of them.",
            "Choose a signing algorithm at the provider for which it publishes a key.",
        )
    return good("ID token algorithms", f"Offered and accepted here: {accepted}.")


def _pkce(known: ProviderMetadata) -> Finding:
    if "S256" in known.code_challenge_methods:
        return good("PKCE", "S256 is offered, and always used.")
    said = "only others than S256" if known.code_challenge_methods else "nothing"
    return Finding(
        what="PKCE",
        verdict=Verdict.WARNING,
        text=f"The metadata offers {said}. S256 is sent all the same; a provider that does not know it ignores it.",
        remedy="If the dry sign-in fails at the provider, turn on PKCE for this client there.",
    )


def _client_auth(known: ProviderMetadata, provider: ProviderConfig) -> Finding:
    offered = ", ".join(sorted(known.token_endpoint_auth_methods)) or "none"
    wanted = _IN_METADATA[provider_client.client_auth(provider, known)]
    if wanted in known.token_endpoint_auth_methods:
        return good("Client authentication", f"Offered: {offered}. Used: {wanted}.")
    what = "No client secret is stored, so none is sent" if wanted == "none" else f"{wanted} is used"
    return Finding(
        what="Client authentication",
        verdict=Verdict.WARNING,
        text=f"Offered: {offered}. {what}, which the metadata does not list.",
        remedy="Enter the client secret." if wanted == "none" else "Choose another client authentication.",
    )


def _scopes(document: dict[str, Any], provider: ProviderConfig) -> Finding:
    asked = provider.scopes.split()
    offered = document.get("scopes_supported")
    if "email" not in asked:
        return failed("Scopes", f"Asked for: {' '.join(asked)}.", "Add email: without an address nobody can come in.")
    unknown = [each for each in asked if isinstance(offered, list) and each not in offered]
    if unknown:
        return Finding(
            what="Scopes",
            verdict=Verdict.WARNING,
            text=f"Asked for: {' '.join(asked)}. The metadata does not list {', '.join(unknown)}.",
            remedy="Take them out of the scopes if the provider refuses them.",
        )
    return good("Scopes", f"Asked for: {' '.join(asked)}.")


def _clock(answer: Fetched, now: float) -> Finding:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError:
        return Finding(what="Clock", verdict=Verdict.NOTE, text="The provider's answer does not say what time it is.")
    difference = round(theirs - now)
    if abs(difference) <= _NOTICEABLE:
        return good("Clock", "The provider's clock and ours agree.")
    text = f"The provider's clock is {abs(difference)} seconds {'ahead of' if difference > 0 else 'behind'} ours."
    remedy = "Let both servers take their time from the network (NTP)."
    if abs(difference) > _LEEWAY:
        return failed("Clock", f"{text} A sign-in forgives {_LEEWAY}.", remedy)
    return Finding(what="Clock", verdict=Verdict.WARNING, text=text, remedy=remedy)
