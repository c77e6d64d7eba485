"""TLS of outbound calls: what a provider's or a pool's endpoint shows is believed only where an authority vouches for
its name, now. Whatever it is, it is no answer: the call ends as one that nobody answered, with the cause."""

import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer

from accounts.models import User
from fairlead.idtokens.errors import FetchFailed
from fairlead.idtokens.fetch import Fetcher
from tests.configure import configure
from tests.idtokens.certificates import BAD, Issued, issue, pem, server
from tests.idtokens.endpoints import answers, response, serve
from tests.issuer import Issuer, Signer
from tests.oidc_login.conftest import Browser
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, ScriptedProvider
from tests.tenants import Tenant, as_user, refused

SIGNER = Signer("ES256")
KEYS = response(json.dumps({"keys": [SIGNER.jwk()]}).encode())


@pytest.fixture(scope="module")
def authority() -> Issued:
    return issue(name="authority", authority=True)


@pytest.fixture
def bundle(authority: Issued, tmp_path: Any) -> str:
    file = tmp_path / "authority.pem"
    file.write_bytes(pem(authority.certificate))
    return str(file)


@pytest.mark.parametrize("kind", BAD)
def test_a_certificate_that_is_not_to_be_believed_ends_the_call_before_anything_is_said(
    authority: Issued, bundle: str, tmp_path: Any, kind: str
) -> None:
    with serve(answers(KEYS), tls=server(BAD[kind](authority), tmp_path)) as endpoint:
        fetcher = Fetcher(private_origins=frozenset({endpoint.origin}), ca_bundle=bundle)
        with pytest.raises(FetchFailed, match="certificate"):
            fetcher.get_json(endpoint.origin + "/keys", headers={"Authorization": "Bearer secret"})
        with pytest.raises(FetchFailed, match="certificate"):
            fetcher.post_form(endpoint.origin + "/token", {"code": "secret"}, auth=None)
        assert endpoint.connections >= 2
        assert endpoint.requests == []


def test_a_good_certificate_is_believed_with_the_authority_and_not_without(
    authority: Issued, bundle: str, tmp_path: Any
) -> None:
    with serve(answers(KEYS), tls=server(issue(authority), tmp_path)) as endpoint:
        allowed = frozenset({endpoint.origin})
        assert Fetcher(private_origins=allowed, ca_bundle=bundle).get_json(endpoint.origin + "/keys").status == 200
        with pytest.raises(FetchFailed, match="certificate"):
            Fetcher(private_origins=allowed).get_json(endpoint.origin + "/keys")


@pytest.fixture
def https_provider(
    authority: Issued, bundle: str, tmp_path: Any, settings: Any, db: None
) -> Iterator[ScriptedProvider]:
    with HTTPServer(host="localhost", port=0, ssl_context=server(issue(authority), tmp_path)) as listening:
        scripted = ScriptedProvider(listening)
        scripted.claims = {"sub": "subject-1", "email": "person@example.org", "email_verified": True, "name": "Person"}
        configure(
            settings,
            OIDC_ENABLED=True,
            OIDC_ISSUER_URL=scripted.issuer,
            OIDC_CLIENT_ID=CLIENT_ID,
            OIDC_CLIENT_SECRET=CLIENT_SECRET,
            OIDC_PRIVATE_ORIGINS=(scripted.issuer,),
            OUTBOUND_CA_BUNDLE=bundle,
            RATE_LIMITS=False,
        )
        yield scripted


def test_people_sign_in_at_a_provider_of_a_private_authority(https_provider: ScriptedProvider) -> None:
    assert https_provider.issuer.startswith("https://localhost:")
    assert "code" in Browser(Client(), https_provider).sign_in()


def test_without_the_bundle_its_provider_is_unreachable_and_the_operator_learns_why(
    https_provider: ScriptedProvider, settings: Any, caplog: Any
) -> None:
    configure(settings, OUTBOUND_CA_BUNDLE="")
    with caplog.at_level(logging.INFO):
        answer = Client().get("/api/auth/oidc/initiate")
    assert "error=provider_unreachable" in answer["Location"]
    assert "certificate" not in answer.content.decode()
    assert any("network.tls_unknown_authority" in str(record.__dict__.get("cause")) for record in caplog.records)
    assert not https_provider.calls


@pytest.mark.parametrize("kind", ["another name", "expired", "self-signed", "of another authority"])
def test_no_code_goes_to_a_token_endpoint_with_a_bad_certificate(
    https_provider: ScriptedProvider, authority: Issued, tmp_path: Any, settings: Any, kind: str
) -> None:
    with serve(answers(KEYS), tls=server(BAD[kind](authority), tmp_path)) as endpoint:
        configure(settings, OIDC_PRIVATE_ORIGINS=(https_provider.issuer, endpoint.origin))
        https_provider.extra_metadata = {"token_endpoint": f"{endpoint.origin}/token"}
        assert Browser(Client(), https_provider).sign_in()["error"] == "provider_unreachable"
        assert endpoint.connections == 1
        assert endpoint.requests == []
    assert not User.objects.exists()


@pytest.mark.parametrize("kind", BAD)
def test_a_pools_keys_behind_a_bad_certificate_are_unreachable(
    authority: Issued, bundle: str, tmp_path: Any, settings: Any, client: Client, db: None, kind: str
) -> None:
    tenant = Tenant(client, "First Organization")
    with serve(answers(KEYS), tls=server(BAD[kind](authority), tmp_path)) as endpoint:
        configure(settings, POOL_PRIVATE_ORIGINS=[endpoint.origin], OUTBOUND_CA_BUNDLE=bundle)
        pool = tenant.pool({"jwksUri": f"{endpoint.origin}/keys"})
        assert "keys_unreachable" in {warning["code"] for warning in pool["warnings"]}
        found = tenant.call("POST", f"/org/userPool/{pool['id']}/check").json()
        assert "certificate" in " ".join(step["text"] for step in found["steps"] if step["outcome"] == "failed")
        token = Issuer("https://issuer.example", SIGNER).token()
        answer = as_user(client, token, tenant.application(pool["id"])["id"])
        refused(answer, 503, "keys_unavailable")
        assert int(answer["Retry-After"]) >= 1
        assert endpoint.requests == []


def test_a_pools_keys_behind_a_private_authority_are_found(
    authority: Issued, bundle: str, tmp_path: Any, settings: Any, client: Client, db: None
) -> None:
    tenant = Tenant(client, "First Organization")
    with serve(answers(KEYS), tls=server(issue(authority), tmp_path)) as endpoint:
        configure(settings, POOL_PRIVATE_ORIGINS=[endpoint.origin], OUTBOUND_CA_BUNDLE=bundle)
        pool = tenant.pool({"jwksUri": f"{endpoint.origin}/keys"})
        token = Issuer("https://issuer.example", SIGNER).token()
        assert as_user(client, token, tenant.application(pool["id"])["id"]).status_code == 200


INSIDE = [
    "127.0.0.1",
    "10.0.0.8",
    "169.254.169.254",
    "100.64.0.1",
    "::1",
    "fd00::1",
    "::ffff:10.0.0.8",
    "64:ff9b::a00:8",
]


@pytest.mark.parametrize("address", INSIDE)
def test_a_proxy_is_never_asked_for_a_tunnel_to_a_private_address(
    settings: Any, client: Client, db: None, monkeypatch: Any, address: str
) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **more: Any) -> Any:
        if host == "issuer.example":
            return [(family, socket.SOCK_STREAM, 6, "", (address, 443, 0, 0)[: 4 if family == socket.AF_INET6 else 2])]
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    tenant = Tenant(client, "First Organization")
    with serve(answers(b"HTTP/1.1 200 OK\r\n\r\n")) as proxy:
        configure(settings, OUTBOUND_PROXY=proxy.origin)
        asked = {"name": "x", "authorization": {"jwksUri": "https://issuer.example/keys"}}
        refused(tenant.call("POST", "/org/userPool", asked), 400, "invalid_request")
        assert proxy.requests == []
