"""Tries a provider out without anybody signing in: discovery, keys, client, algorithms, clocks. For administrators.

Everything is asked anew and nothing is stored: neither the cached documents nor their cooldowns are touched. It uses
the same readers as a sign-in does (`discovery.read`, `keys.parse`), so what passes here passes there.
"""

from collections.abc import Callable, Generator, Iterator
from typing import Any

from django.utils.translation import gettext

from fairlead.causes import cause
from fairlead.conf import source
from fairlead.idtokens import discovery, keys
from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.errors import FetchFailed, FetchRefused, MetadataRefused, NetworkFault
from fairlead.idtokens.fetch import Fetcher
from fairlead.idtokens.keys import KeySet
from fairlead.web.health.findings import Finding, good, note, problem
from oidc_login.diagnostics import capabilities, credentials
from oidc_login.diagnostics.named import part
from oidc_login.providers import ProviderConfig


def look(provider: ProviderConfig, *, fetcher: Fetcher, clock: Callable[[], float]) -> list[Finding]:
    """The report. Four calls to the provider at most; a failure ends it early, with the remedy. `clock` in seconds."""
    return list(_look(provider, fetcher=fetcher, clock=clock))


def _look(provider: ProviderConfig, *, fetcher: Fetcher, clock: Callable[[], float]) -> Iterator[Finding]:
    url = discovery.discovery_url(provider.issuer)
    try:
        answer = fetcher.get_json(url)
        now = clock()
        document = discovery.parse(answer.json())
    except (FetchFailed, FetchRefused) as error:
        yield problem(gettext("Discovery"), f"{url}: {error.detail}", _remedy_of_discovery(error, provider))
        return
    yield good(gettext("Discovery"), gettext("{url} answers with a discovery document.").format(url=url))
    yield _issuer(document, provider)
    if document["issuer"] != provider.issuer:
        return
    try:
        known = discovery.read(document, issuer=provider.issuer, check_url=fetcher.check_url)
    except MetadataRefused as error:
        yield problem(gettext("Endpoints"), error.detail, _remedy_of_endpoints(error))
        return
    yield _endpoints(known)
    keyset = yield from _keys(known, fetcher)
    yield capabilities.algorithms(known, keyset)
    yield capabilities.pkce(known)
    yield capabilities.client_auth(known, provider)
    yield credentials.client(known, provider, fetcher)
    if (userinfo := credentials.userinfo(known, fetcher)) is not None:
        yield userinfo
    yield capabilities.scopes(document, provider)
    yield capabilities.clock(answer, now)


def _issuer(document: dict[str, Any], provider: ProviderConfig) -> Finding:
    named = document["issuer"][:300]
    if named == provider.issuer:
        return good(
            gettext("Issuer"), gettext("The provider calls itself {named}, exactly as configured.").format(named=named)
        )
    remedy = gettext("Write exactly what the provider says, {named}, into {setting}.").format(
        named=named, setting=part(provider, "issuer")
    )
    if "{" in named:
        remedy = gettext(
            "This address serves many organizations. Put the one with your own tenant's id into {setting}."
        ).format(setting=part(provider, "issuer"))
    elif named.rstrip("/") == provider.issuer.rstrip("/"):
        remedy = gettext("They differ by the slash at the end alone. {remedy}").format(remedy=remedy)
    return problem(
        gettext("Issuer"),
        gettext("The provider calls itself {named}, but {issuer} is configured.").format(
            named=named, issuer=provider.issuer
        ),
        remedy,
    )


def _remedy_of_discovery(error: FetchFailed | FetchRefused, provider: ProviderConfig) -> str:
    setting = part(provider, "issuer")
    if discovery.WELL_KNOWN in provider.issuer:
        return gettext("This is the address of the document, not the issuer. Set {setting} to {issuer}").format(
            setting=setting, issuer=provider.issuer.partition(discovery.WELL_KNOWN)[0]
        )
    if error.status == 404:
        return gettext("There is no discovery document there. Compare {setting} with the provider's guide.").format(
            setting=setting
        )
    if error.status is not None and error.status >= 500:
        return gettext("The provider has an outage, which its own administrator can look at.")
    if error.status is not None:
        return gettext("Open the address in a browser: it has to show a JSON document, without a redirect.")
    return gettext("Compare {setting} with the provider's guide, and see whether this server can reach it.").format(
        setting=setting
    )


def _remedy_of_endpoints(error: MetadataRefused) -> str:
    """What the operator may allow is not for the provider's administrator to repair."""
    if error.fault not in {NetworkFault.PRIVATE_ADDRESS, NetworkFault.NOT_HTTPS}:
        return gettext("This is for the provider's administrator to repair.")
    setting, place = source(str(error.fault_facts["setting"]))
    facts = {**error.fault_facts, "setting": setting, "place": place, "call": gettext("Endpoints")}
    return cause(f"network.{error.fault}", **facts).operator


def _endpoints(known: ProviderMetadata) -> Finding:
    offered = {
        "userinfo": known.userinfo_endpoint,
        "introspection": known.introspection_endpoint,
        "sign-out": known.end_session_endpoint,
    }
    there = ", ".join(name for name, url in offered.items() if url) or gettext("none")
    missing = ", ".join(name for name, url in offered.items() if not url)
    if not missing:
        return good(
            gettext("Endpoints"),
            gettext("Authorization, token and keys may all be called. Beyond them: {there}.").format(there=there),
        )
    text = gettext(
        "Authorization, token and keys may all be called. Beyond them: {there}. Not offered: {missing}; a "
        "sign-in needs none of them."
    ).format(there=there, missing=missing)
    return good(gettext("Endpoints"), text)


def _keys(known: ProviderMetadata, fetcher: Fetcher) -> Generator[Finding, None, KeySet]:
    keyset = KeySet()
    try:
        keyset = keys.parse(fetcher.get_json(known.jwks_uri).json())
    except (FetchFailed, FetchRefused) as error:
        yield problem(
            gettext("Keys"), f"{known.jwks_uri}: {error.detail}", gettext("Without its keys no token can be verified.")
        )
        return keyset
    except keys.NotAKeySet as error:
        yield problem(
            gettext("Keys"),
            gettext("The document at {jwks_uri} cannot be used as a key set: {error}.").format(
                jwks_uri=known.jwks_uri, error=error
            ),
            gettext("Without keys no token can be verified."),
        )
        return keyset
    ids = ", ".join(
        f"{(key.kid or gettext('without an id'))[:60]} ({'/'.join(sorted(key.algorithms))})" for key in keyset.keys
    )
    if keyset.keys:
        yield good(gettext("Keys"), gettext("{count} usable: {ids}.").format(count=len(keyset.keys), ids=ids))
    else:
        yield problem(
            gettext("Keys"),
            gettext("The key set holds no usable key."),
            gettext("The provider has to sign with a public key."),
        )
    for entry in keyset.ignored[:5]:
        text = gettext("Entry {value} is not used: {reason}.").format(value=entry.position + 1, reason=entry.reason)
        yield note(gettext("Keys"), text)
    return keyset
