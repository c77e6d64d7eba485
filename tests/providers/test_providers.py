"""The providers are what the other tests take them for. Looked at from outside, with PyJWT."""

from typing import Any

import jwt
import pytest
import requests

from tests.providers import relying_party
from tests.providers.panva import Panva
from tests.providers.started import Provider
from tests.providers.toolkit import Toolkit

pytestmark = pytest.mark.providers


def verified(provider: Provider, id_token: str, audience: str) -> dict[str, Any]:
    document = relying_party.metadata(provider)
    keys = jwt.PyJWKClient(document["jwks_uri"], cache_keys=False, cache_jwk_set=False)
    key = keys.get_signing_key_from_jwt(id_token)
    return dict(jwt.decode(id_token, key, algorithms=["RS256", "ES256"], audience=audience, issuer=document["issuer"]))


def userinfo(provider: Provider, access_token: str) -> dict[str, Any]:
    address = relying_party.metadata(provider)["userinfo_endpoint"]
    answer = requests.get(address, headers={"Authorization": f"Bearer {access_token}"}, timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def test_toolkit_tells_the_claims_in_the_id_token(toolkit: Toolkit) -> None:
    callback = "http://127.0.0.1/api/auth/oidc/callback"
    trip = relying_party.sign_in(
        toolkit,
        "person@example.org",
        client_id=toolkit.confidential_id,
        redirect_uri=callback,
        client_secret=toolkit.client_secret,
    )
    claims = verified(toolkit, trip.id_token, toolkit.confidential_id)
    assert claims["email"] == "person@example.org"
    assert claims["email_verified"] is True
    assert claims["nonce"] == trip.nonce
    assert claims["exp"] - claims["iat"] == 300
    assert "iss" not in trip.callback
    assert requests.get(claims["picture"], timeout=20).headers["Content-Type"] == "image/png"
    assert userinfo(toolkit, trip.access_token)["sub"] == claims["sub"]


def test_panva_tells_the_claims_at_userinfo_alone_and_names_itself_in_the_callback(panva: Panva) -> None:
    panva.person("somebody", email="somebody@example.org", email_verified=False, name="Some Body", picture=True)
    callback = "http://127.0.0.1/api/auth/oidc/callback"
    trip = relying_party.sign_in(
        panva,
        "somebody",
        client_id=panva.confidential_id,
        redirect_uri=callback,
        client_secret=panva.client_secret,
    )
    claims = verified(panva, trip.id_token, panva.confidential_id)
    assert "email" not in claims
    assert trip.callback["iss"] == panva.issuer
    assert trip.access_token.count(".") == 0
    told = userinfo(panva, trip.access_token)
    assert told["email_verified"] is False
    assert told["email"] == "somebody@example.org"
    assert requests.get(told["picture"], timeout=20).headers["Content-Type"] == "image/png"


def test_panva_introspects_its_opaque_tokens(panva: Panva) -> None:
    trip = relying_party.sign_in(panva, "somebody", client_id=panva.mobile_id, redirect_uri=panva.mobile_redirect)
    answer = requests.post(
        relying_party.metadata(panva)["introspection_endpoint"],
        data={"token": trip.access_token, "client_id": panva.confidential_id, "client_secret": panva.client_secret},
        timeout=20,
    ).json()
    assert answer["active"] is True
    assert answer["client_id"] == panva.mobile_id
    assert answer["sub"] == "somebody"


def test_panva_offers_two_algorithms_and_s256_alone(panva: Panva) -> None:
    document = relying_party.metadata(panva)
    assert set(document["id_token_signing_alg_values_supported"]) == {"RS256", "ES256"}
    assert document["code_challenge_methods_supported"] == ["S256"]


def test_signing_in_at_either_gives_an_organization_its_id_token(provider: Provider) -> None:
    provider.person("newcomer@example.org", email="newcomer@example.org")
    id_token = relying_party.id_token_of_organization(provider, "newcomer@example.org")
    assert verified(provider, id_token, provider.organization_id)["aud"] == provider.organization_id


def test_keys_rotate_and_the_old_one_can_be_removed(provider: Provider) -> None:
    account = "person@example.org"
    before = relying_party.id_token_of_organization(provider, account)
    provider.rotate_keys()
    after = relying_party.id_token_of_organization(provider, account)
    assert jwt.get_unverified_header(before)["kid"] != jwt.get_unverified_header(after)["kid"]
    verified(provider, before, provider.organization_id)
    verified(provider, after, provider.organization_id)
    provider.rotate_keys(remove_old=True)
    with pytest.raises(jwt.PyJWKClientError, match="Unable to find a signing key"):
        verified(provider, before, provider.organization_id)


def test_every_call_is_counted(provider: Provider) -> None:
    relying_party.id_token_of_organization(provider, "person@example.org")
    counts = provider.counts()
    assert counts["discovery"] == 1
    assert counts["token"] == 1
    assert "keys" not in counts
    provider.forget_counts()
    assert provider.counts() == {}


def test_an_outage_keeps_port_keys_and_people(provider: Provider) -> None:
    account = "outage@example.org"
    provider.person(account, email=account, name="Out Age")
    before = relying_party.id_token_of_organization(provider, account)
    provider.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(provider.issuer, timeout=5)
    provider.start()
    verified(provider, before, provider.organization_id)
    assert relying_party.id_token_of_organization(provider, account)
