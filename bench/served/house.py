"""Everybody's servers of one configuration, started together, and what can be called there."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench.served import calls, fairlead, provider
from bench.served.configurations import Configuration, database
from bench.served.process import Served, free_port, run
from bench.served.wrk import Sender

PEERS = ("bare", "simplejwt", "knox", "drf_oidc_auth", "mozilla", "allauth")
_PASSED_ON = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


@dataclass(frozen=True)
class Issuer:
    """The identity provider of the run, which is its own process, and files with its tokens: one a line."""

    url: str
    tokens: Path
    seen: Path


@dataclass
class House:
    """`servers` and `urls` by name (`fairlead`, `knox` ...), `senders` by the call's name."""

    issuer: Issuer
    folder: Path
    servers: dict[str, Served] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    senders: dict[str, Sender] = field(default_factory=dict)

    def add(self, name: str, found: dict[str, calls.Call]) -> None:
        for call_name, call in found.items():
            tokens = self.issuer.seen if call.bearers == "seen" else self.issuer.tokens
            self.senders[call_name] = Sender(call, self.urls[name], self.servers[name], self.folder, tokens)


@contextmanager
def issuer(folder: Path, *, tokens: int) -> Iterator[Issuer]:
    """Makes so many different ID tokens of one person: more than all workers together remember."""
    key_file, port = folder / "issuer.pem", free_port()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made = Issuer(f"http://127.0.0.1:{port}", folder / "tokens.txt", folder / "seen.txt")
    signer = provider.signer(key_file)
    written = [provider.id_token(signer, made.url, jti=f"{number:08}") for number in range(tokens)]
    made.tokens.write_text("\n".join(written) + "\n")
    made.seen.write_text(written[0] + "\n")
    command = [sys.executable, "-m", "bench.served.provider", str(port), str(key_file)]
    process = Served(command, environment={**_PASSED_ON, "PYTHONPATH": "."}, log=folder / "issuer.log")
    try:
        process.wait_for(f"{made.url}/keys")
        yield made
    finally:
        process.stop()


@contextmanager
def opened(
    configuration: Configuration,
    tokens_of: Issuer,
    folder: Path,
    *,
    peers: tuple[str, ...] = PEERS,
    hanging: bool = False,
) -> Iterator[House]:
    """Fairlead and these peers, each on a new database, ready to be called. `hanging`: the provider at which people
    sign in does not answer at its token endpoint."""
    with ExitStack() as stack:
        house = House(tokens_of, folder)
        for name in peers:
            _peer(house, name, configuration, stack)
        signs_in_at = tokens_of.url + (provider.HANGING if hanging else "")
        _fairlead(house, configuration, stack, signs_in_at=signs_in_at)
        yield house


def _peer(house: House, name: str, configuration: Configuration, stack: ExitStack) -> None:
    url = stack.enter_context(database(configuration.database, house.folder, name))
    settings = {"DJANGO_SETTINGS_MODULE": f"bench.peers.{name}.settings", "DATABASE_URL": url, "PYTHONPATH": "."}
    environment = {**_PASSED_ON, **settings, "BENCH_ISSUER": house.issuer.url}
    made = run(
        [sys.executable, "-m", "bench.served.prepare", f"bench.peers.{name}.calls", house.issuer.url],
        environment=environment,
    )
    _start(house, name, configuration, environment, stack)
    house.add(name, calls.loads(made))


def _fairlead(house: House, configuration: Configuration, stack: ExitStack, *, signs_in_at: str) -> None:
    url, port = stack.enter_context(database(configuration.database, house.folder, "fairlead")), free_port()
    own = fairlead.environment(port=port, database_url=url, issuer=signs_in_at, folder=house.folder)
    environment = {**_PASSED_ON, "PYTHONPATH": ".", **own}
    key = fairlead.api_key(sys.executable, environment)
    _start(house, "fairlead", configuration, environment, stack, port=port)
    house.add("fairlead", fairlead.calls(house.urls["fairlead"], key=key, issuer=house.issuer.url))


def _start(
    house: House,
    name: str,
    configuration: Configuration,
    environment: dict[str, str],
    stack: ExitStack,
    *,
    port: int | None = None,
) -> None:
    port, ours = port or free_port(), name == "fairlead"
    application = "config.wsgi:application" if ours else "bench.peers.wsgi:application"
    command = configuration.command(application, port=port, shipped=ours)
    server = Served(command, environment=environment, log=house.folder / f"{name}.log")
    stack.callback(server.stop)
    house.urls[name], house.servers[name] = f"http://127.0.0.1:{port}", server
    server.wait_for(f"{house.urls[name]}/livez")
