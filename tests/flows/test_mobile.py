"""The mobile exchange with tokens of real providers: ours are taken, another application's are worth nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import jwt
import pytest
import requests

from tests.flows.traveller import configuration
from tests.providers.panva import Panva
from tests.providers.relying_party import SignIn, sign_in
from tests.providers.started import Provider
from tests.providers.toolkit import Toolkit
from tests.servers import Server

pytestmark = pytest.mark.providers
MOBILE = ["fairlead-mobile", "fairlead-mobile-jwt", "fairlead-mobile-bare"]


@dataclass
class Phone:
    """Apps on one person's phone: ours and another one, both registered at the same provider."""

    server: Server
    provider: Provider
    account: str

    def ours(self, client_id: str = "fairlead-mobile") -> SignIn:
        return sign_in(self.provider, self.account, client_id=client_id, redirect_uri=self.provider.mobile_redirect)

    def another(self, client_id: str = "another-app") -> SignIn:
        return sign_in(self.provider, self.account, client_id=client_id, redirect_uri=self.provider.another_redirect)

    def send(self, access_token: str, **more: str) -> requests.Response:
        body = {"access_token": access_token, **more}
        return requests.post(f"{self.server.url}/api/auth/oidc/exchange/mobile", json=body, timeout=60)

    def taken(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, f"{answer.text}\n{self.server.log[-2000:]}"
        body = answer.json()
        assert (body["user"]["email"], body["redirectUrl"]) == (self.account, "/")
        bearer = {"Authorization": f"Bearer {body['access_token']}"}
        assert requests.get(f"{self.server.url}/api/auth/me", headers=bearer, timeout=60).json() == body["user"]

    def refused(self, answer: requests.Response) -> None:
        assert (answer.status_code, answer.json().get("code")) == (401, "token_not_bound"), answer.text
        assert self.server.python("from accounts.models import User; print(User.objects.count())") == self.before

    def __post_init__(self) -> None:
        self.before = self.server.python("from accounts.models import User; print(User.objects.count())")


def service(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    provider.start()
    variables = configuration(provider) | {"OIDC_MOBILE_CLIENT_IDS": ",".join(MOBILE)}
    server = Server(tmp_path_factory.mktemp("mobile"), variables)
    server.prepare()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def toolkit_service(toolkit: Toolkit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from service(toolkit, tmp_path_factory)


@pytest.fixture(scope="module")
def panva_service(panva: Panva, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from service(panva, tmp_path_factory)


@pytest.fixture
def at_toolkit(toolkit: Toolkit, toolkit_service: Server, request: pytest.FixtureRequest) -> Phone:
    return phone(toolkit, toolkit_service, request)


@pytest.fixture
def at_panva(panva: Panva, panva_service: Server, request: pytest.FixtureRequest) -> Phone:
    return phone(panva, panva_service, request)


def phone(provider: Provider, server: Server, request: pytest.FixtureRequest) -> Phone:
    account = f"mobile-{abs(hash(request.node.name)) % 10**8}@example.org"
    provider.person(account, email=account)
    return Phone(server, provider, account)


@pytest.fixture(params=["at_toolkit", "at_panva"])
def anywhere(request: pytest.FixtureRequest) -> Phone:
    """At each provider in turn."""
    made: Phone = request.getfixturevalue(request.param)
    return made


def test_a_jwt_that_names_our_app_is_taken(at_toolkit: Phone) -> None:
    tokens = at_toolkit.ours("fairlead-mobile-jwt")
    assert tokens.access_token.count(".") == 2
    at_toolkit.taken(at_toolkit.send(tokens.access_token))


def test_a_jwt_for_us_that_another_app_obtained_is_worthless(at_toolkit: Phone) -> None:
    tokens = at_toolkit.another("another-app-jwt")
    at_toolkit.refused(at_toolkit.send(tokens.access_token))
    at_toolkit.refused(at_toolkit.send(tokens.access_token, id_token=tokens.id_token))


def test_our_id_token_beside_a_jwt_of_another_app_is_worthless(at_toolkit: Phone) -> None:
    ours, another = at_toolkit.ours("fairlead-mobile-jwt"), at_toolkit.another("another-app-jwt")
    at_toolkit.refused(at_toolkit.send(another.access_token, id_token=ours.id_token))


def test_an_opaque_token_of_ours_is_taken_by_introspection(at_panva: Phone) -> None:
    tokens = at_panva.ours()
    assert "." not in tokens.access_token
    at_panva.taken(at_panva.send(tokens.access_token))


def test_an_opaque_token_of_another_app_is_worthless_by_introspection(at_panva: Phone) -> None:
    at_panva.refused(at_panva.send(at_panva.another().access_token))


def test_an_opaque_token_is_taken_with_its_id_token(at_toolkit: Phone) -> None:
    tokens = at_toolkit.ours()
    at_toolkit.taken(at_toolkit.send(tokens.access_token, id_token=tokens.id_token, nonce=tokens.nonce))


def test_our_id_token_beside_an_opaque_token_of_another_app_is_worthless(anywhere: Phone) -> None:
    ours, another = anywhere.ours(), anywhere.another()
    anywhere.refused(anywhere.send(another.access_token, id_token=ours.id_token))
    anywhere.refused(anywhere.send(another.access_token, id_token=another.id_token))


def test_an_id_token_without_at_hash_proves_nothing(at_toolkit: Phone, at_panva: Phone) -> None:
    for there, client_id in ((at_toolkit, "fairlead-mobile-bare"), (at_panva, "fairlead-mobile")):
        tokens = there.ours(client_id)
        assert "at_hash" not in jwt.decode(tokens.id_token, options={"verify_signature": False})
        there.refused(there.send(tokens.access_token, id_token=tokens.id_token))


def test_an_opaque_token_alone_proves_nothing_where_introspection_names_no_subject(at_toolkit: Phone) -> None:
    at_toolkit.refused(at_toolkit.send(at_toolkit.ours().access_token))


def test_a_nonce_of_another_sign_in_proves_nothing(at_toolkit: Phone) -> None:
    tokens = at_toolkit.ours()
    at_toolkit.refused(at_toolkit.send(tokens.access_token, id_token=tokens.id_token, nonce="another"))
