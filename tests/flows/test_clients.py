"""How the service is told about a provider, and how it authenticates there: every way that docs/providers.md names."""

import pytest
import requests

from tests.flows.traveller import Traveller, configuration
from tests.providers.panva import Panva
from tests.providers.started import Provider
from tests.servers import Server, StartServer

pytestmark = pytest.mark.providers


def arrives(server: Server, provider: Provider) -> str:
    provider.serve(server.url)
    provider.person("somebody@example.org", email="somebody@example.org")
    return str(Traveller(server, provider, "somebody@example.org").arrive()["user"]["email"])


def test_a_public_client_needs_no_secret(start_server: StartServer, provider: Provider) -> None:
    server = start_server(**configuration(provider, client_id=provider.public_id, secret=False))
    assert arrives(server, provider) == "somebody@example.org"


def test_a_client_that_authenticates_in_the_header(start_server: StartServer, panva: Panva) -> None:
    panva.start()
    server = start_server(**configuration(panva, client_id=panva.basic_id), OIDC_CLIENT_AUTH="basic")
    assert arrives(server, panva) == "somebody@example.org"


def test_a_provider_entered_in_the_admin_works_without_variables(start_server: StartServer, provider: Provider) -> None:
    server = start_server(OIDC_PRIVATE_ORIGINS=provider.origin)
    assert requests.get(f"{server.url}/api/auth/oidc/config", timeout=20).json()["enabled"] is False
    refused = requests.get(f"{server.url}/api/auth/oidc/initiate", timeout=20, allow_redirects=False)
    assert refused.json()["code"] == "oidc_not_enabled"
    server.python(
        "from oidc_login.models import Provider\n"
        f"Provider.objects.create(slug='entered', name='Entered', issuer={provider.issuer!r}, "
        f"client_id={provider.confidential_id!r}, client_secret={provider.client_secret!r})"
    )
    server.restart()
    config = requests.get(f"{server.url}/api/auth/oidc/config", timeout=20).json()
    assert [each["slug"] for each in config["providers"]] == ["entered"]
    assert provider.client_secret not in str(config)
    assert arrives(server, provider) == "somebody@example.org"


def test_a_wrong_secret_ends_the_trip_and_makes_no_account(start_server: StartServer, provider: Provider) -> None:
    server = start_server(**configuration(provider) | {"OIDC_CLIENT_SECRET": "not-the-secret"})
    provider.serve(server.url)
    provider.person("nobody@example.org", email="nobody@example.org")
    ended = Traveller(server, provider, "nobody@example.org").travel()
    assert ended["error"] == "provider_error"
    assert server.python("from accounts.models import User; print(User.objects.count())") == "0"
    assert "not-the-secret" not in server.log


def test_a_provider_at_a_private_address_is_refused_unless_it_is_listed(
    start_server: StartServer, provider: Provider
) -> None:
    server = start_server(begin=False)
    server.start(**configuration(provider) | {"OIDC_PRIVATE_ORIGINS": ""})
    provider.forget_counts()
    answer = Traveller(server, provider, "nobody").get("/api/auth/oidc/initiate")
    assert answer.headers["Location"].startswith(f"{server.url}/login?error=provider_error&")
    assert "OIDC_PRIVATE_ORIGINS" in server.log
    assert provider.counts() == {}


@pytest.mark.parametrize(
    "configured",
    [
        {},
        {"OIDC_ENABLED": "true", "OIDC_CLIENT_ID": "x", "OIDC_ISSUER_URL": "https://nowhere.invalid"},
        {"OIDC_ENABLED": "true", "OIDC_CLIENT_ID": "x", "OIDC_ISSUER_URL": "not a url"},
    ],
    ids=["no provider", "a provider that is not there", "an issuer that is no address"],
)
def test_passwords_need_no_working_provider(start_server: StartServer, configured: dict[str, str]) -> None:
    server = start_server(begin=False)
    server.start(**configured)
    body = {"email": "local@example.org", "password": "a-good-long-password"}
    registered = requests.post(f"{server.url}/api/auth/register", json=body | {"name": "Local"}, timeout=20)
    assert registered.status_code == 201, registered.text
    assert requests.post(f"{server.url}/api/auth/login", json=body, timeout=20).status_code == 200
