"""What a provider's metadata and clock say about how well it fits: algorithms, PKCE, client authentication, scopes."""

from email.utils import parsedate_to_datetime
from typing import Any

from django.utils.translation import gettext

from fairlead.idtokens.discovery import ProviderMetadata
from fairlead.idtokens.fetched import Fetched
from fairlead.idtokens.keys import KeySet
from fairlead.web.health.findings import Finding, good, note, problem, warning
from oidc_login.diagnostics.named import part
from oidc_login.flow import provider_client
from oidc_login.providers import ProviderConfig

_LEEWAY = 60  # seconds: what a login forgives
_NOTICEABLE = 5  # seconds
_IN_METADATA = {"post": "client_secret_post", "basic": "client_secret_basic", "none": "none"}


def algorithms(known: ProviderMetadata, keyset: KeySet) -> Finding:
    accepted = ", ".join(sorted(known.id_token_algorithms))
    held = {algorithm for key in keyset.keys for algorithm in key.algorithms}
    if keyset.keys and not held & known.id_token_algorithms:
        return problem(
            gettext("ID token algorithms"),
            gettext("Offered and accepted here: {accepted}; but no key of the set is made for any of them.").format(
                accepted=accepted
            ),
            gettext("Choose a signing algorithm at the provider for which it publishes a key."),
        )
    return good(
        gettext("ID token algorithms"), gettext("Offered and accepted here: {accepted}.").format(accepted=accepted)
    )


def pkce(known: ProviderMetadata) -> Finding:
    if "S256" in known.code_challenge_methods:
        return good(gettext("PKCE"), gettext("S256 is offered, and always used."))
    remedy = gettext("If the dry sign-in fails at the provider, turn on PKCE for this client there.")
    if not known.code_challenge_methods:
        text = gettext(
            "The metadata offers nothing. S256 is sent all the same; a provider that does not know it ignores it."
        )
        return note(gettext("PKCE"), text, remedy)
    text = gettext(
        "The metadata offers only others than S256. S256 is sent all the same; a provider that does not "
        "know it ignores it."
    )
    return warning(gettext("PKCE"), text, remedy)


def client_auth(known: ProviderMetadata, provider: ProviderConfig) -> Finding:
    offered = ", ".join(sorted(known.token_endpoint_auth_methods)) or gettext("none")
    wanted = _IN_METADATA[provider_client.client_auth(provider, known)]
    if wanted in known.token_endpoint_auth_methods:
        return good(
            gettext("Client authentication"),
            gettext("Offered: {offered}. Used: {wanted}.").format(offered=offered, wanted=wanted),
        )
    if wanted == "none":
        text = gettext(
            "Offered: {offered}. No client secret is stored, so none is sent, which the metadata does not list."
        ).format(offered=offered)
        remedy = gettext("Enter {setting}.").format(setting=part(provider, "client_secret"))
        return warning(gettext("Client authentication"), text, remedy)
    text = gettext("Offered: {offered}. {wanted} is used, which the metadata does not list.").format(
        offered=offered, wanted=wanted
    )
    remedy = gettext("Choose another for {setting}.").format(setting=part(provider, "client_auth"))
    return warning(gettext("Client authentication"), text, remedy)


def scopes(document: dict[str, Any], provider: ProviderConfig) -> Finding:
    asked = provider.scopes.split()
    offered = document.get("scopes_supported")
    if "email" not in asked:
        return problem(
            gettext("Scopes"),
            gettext("Asked for: {list}.").format(list=" ".join(asked)),
            gettext("Add email to {setting}: without an address nobody can come in.").format(
                setting=part(provider, "scopes")
            ),
        )
    unknown = [each for each in asked if isinstance(offered, list) and each not in offered]
    if unknown:
        return warning(
            gettext("Scopes"),
            gettext("Asked for: {list}. The metadata does not list {list2}.").format(
                list=" ".join(asked), list2=", ".join(unknown)
            ),
            gettext("If the provider refuses them, take them out of {setting}.").format(
                setting=part(provider, "scopes")
            ),
        )
    return good(gettext("Scopes"), gettext("Asked for: {list}.").format(list=" ".join(asked)))


def clock(answer: Fetched, now: float) -> Finding:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except ValueError:
        return note(gettext("Clock"), gettext("The provider's answer does not say what time it is."))
    difference = round(theirs - now)
    if abs(difference) <= _NOTICEABLE:
        return good(gettext("Clock"), gettext("The provider's clock and ours agree."))
    if difference > 0:
        text = gettext("The provider's clock is {difference} seconds ahead of ours.").format(difference=difference)
    else:
        text = gettext("The provider's clock is {value} seconds behind ours.").format(value=-difference)
    remedy = gettext("Let both servers take their time from the network (NTP).")
    if abs(difference) > _LEEWAY:
        return problem(
            gettext("Clock"),
            gettext("{text} A sign-in forgives {leeway} seconds.").format(text=text, leeway=_LEEWAY),
            remedy,
        )
    return warning(gettext("Clock"), text, remedy)
