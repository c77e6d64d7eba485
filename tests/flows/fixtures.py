"""A real service configured, by a provider's seven variables, for a real provider."""

from collections.abc import Iterator

import pytest

from tests.flows.traveller import Traveller, configuration
from tests.providers.started import Provider
from tests.servers import Server


@pytest.fixture(scope="module", params=["toolkit", "panva"])
def road(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Road"]:
    """Each real provider in turn, with a service of its own for the whole module."""
    provider: Provider = request.getfixturevalue(request.param)
    server = Server(tmp_path_factory.mktemp("road"), configuration(provider))
    provider.start()
    provider.serve(server.url)
    server.prepare()
    server.start()
    yield Road(server, provider)
    server.close()
    provider.start()


class Road:
    """A service and its provider."""

    _numbers = iter(range(1, 10**6))

    def __init__(self, server: Server, provider: Provider) -> None:
        self.server = server
        self.provider = provider

    def somebody(self, **claims: object) -> Traveller:
        """A person nobody has seen before. Claims as in `Provider.person`."""
        account = claims.setdefault("email", f"somebody-{next(self._numbers)}@example.org")
        self.provider.person(str(account), **claims)
        return Traveller(self.server, self.provider, str(account))

    def again(self, person: Traveller) -> Traveller:
        """The same person in another browser."""
        return Traveller(self.server, self.provider, person.account)

    def register(self, email: str, password: str = "a-good-long-password", name: str = "Local") -> dict[str, object]:
        answer = Traveller(self.server, self.provider, "").post(
            "/api/auth/register", email=email, password=password, name=name
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["user"])

    def users(self) -> int:
        return int(self.server.python("from accounts.models import User; print(User.objects.count())"))
