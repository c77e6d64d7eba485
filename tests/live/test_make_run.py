"""A fresh clone: `make run`, what README tells people to paste, the tour, Ctrl-C, and a second start."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator

import pytest
import requests

from tests.live.checkout import Checkout
from tests.processes import ROOT

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    made.run()
    yield made
    made.interrupt()


def pasted(heading: str, checkout: Checkout) -> list[str]:
    """The shell blocks below a heading of README, for the ports of this run."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    moved = (each.replace("localhost:8000", f"localhost:{checkout.port}") for each in blocks)
    return [each.replace("127.0.0.1:9000", f"127.0.0.1:{checkout.provider_port}") for each in moved]


def answers(printed: str) -> list[dict[str, object]]:
    """JSON objects printed one after the other, as curl prints them."""
    decoder, found, rest = json.JSONDecoder(), [], printed.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


def test_it_prints_addresses_people_and_what_to_try(checkout: Checkout) -> None:
    for line in (f"{checkout.url}/login", "person@example.org", "open-sesame-there", "open-sesame-here", "make tour"):
        assert line in checkout.said
    assert requests.get(f"{checkout.url}/login", timeout=20).status_code == 200
    assert "WARNING" not in checkout.said


def test_the_curl_lines_it_prints_work(checkout: Checkout) -> None:
    lines = re.findall(r"^ +(curl .+)$", checkout.said, flags=re.MULTILINE)
    assert len(lines) == 3
    config, signed_in, pools = (json.loads(checkout.shell(each.replace("curl ", "curl -s ", 1))) for each in lines)
    assert config["providerName"] == "Demo provider"
    assert signed_in["user"]["email"] == "local@example.org"
    assert "results" in pools


def test_the_three_calls_of_the_readme_give_the_documented_answers(checkout: Checkout) -> None:
    blocks = pasted("An organization's users, in three calls", checkout)
    pool, client, me, verdict = answers(checkout.shell("".join(blocks)))
    assert pool["name"] == "My users"
    assert pool["description"] == "People who sign in at our own provider"
    authorization = pool["authorization"]
    assert isinstance(authorization, dict)
    assert authorization["jwksUri"] == f"http://127.0.0.1:{checkout.provider_port}/o/.well-known/jwks.json"
    assert authorization["idClaim"] == "sub"
    assert client["auth"] == {"type": "userPool", "userPoolId": pool["id"]}
    assert me["userPoolId"] == pool["id"]
    assert me["sdkClientId"] == client["id"]
    assert verdict["active"] is True
    assert verdict["steps"]


def test_the_tour_ends_well(checkout: Checkout) -> None:
    told = checkout.shell(".venv/bin/python -m demo.tour")
    assert re.search(r"All \d+ steps ended as they should\.", told)


def test_a_busy_port_is_named_with_the_remedy(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Checkout(tmp_path_factory.mktemp("busy"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=rf"Port {port} is in use .* make run PORT=\d+") as refused:
            other.run(PORT=str(port))
    suggested = int(re.findall(r"make run PORT=(\d+)", str(refused.value))[0])
    assert suggested > port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", suggested)) != 0
    assert not (other.folder / "var").exists()


def test_a_second_start_keeps_the_data_and_ctrl_c_ends_everything(checkout: Checkout) -> None:
    email = {"email": "kept@example.org", "password": "a-good-long-password"}
    register = f"{checkout.url}/api/auth/register"
    assert requests.post(register, json=email | {"name": "Kept"}, timeout=20).status_code == 201
    key = (checkout.folder / "var" / "demo-api-key").read_text(encoding="ascii")
    servers = checkout.servers()
    assert len(servers) == 2
    assert (checkout.folder / "var" / "demo.json").exists()
    assert checkout.interrupt() == 0
    assert "Stopped." in checkout.said
    assert not (checkout.folder / "var" / "demo.json").exists()
    for each in servers:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)
    checkout.run()
    assert requests.post(f"{checkout.url}/api/auth/login", json=email, timeout=20).status_code == 200
    assert (checkout.folder / "var" / "demo-api-key").read_text(encoding="ascii") == key


def test_a_server_that_dies_ends_the_other_and_is_reported(checkout: Checkout) -> None:
    one, other = checkout.servers()
    os.kill(one, signal.SIGKILL)
    assert checkout.wait() == 1
    assert "ended by itself with status" in checkout.said
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)
    checkout.run()


def test_the_variables_of_a_guide_reach_the_service_untouched(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Checkout(tmp_path_factory.mktemp("guide"))
    (other.folder / ".env").write_text(
        f"APP_URL={other.url}\n"
        "OIDC_ENABLED=true\n"
        'OIDC_PROVIDER_NAME="Pocket ID"\n'
        "OIDC_ISSUER_URL=https://id.example.org\n"
        "OIDC_CLIENT_ID=fairlead\n"
        "OIDC_CLIENT_SECRET=x  # Optional for PKCE\n"
        "DISABLE_INTERNAL_AUTH=false\n",
        encoding="utf-8",
    )
    other.run()
    try:
        config = requests.get(f"{other.url}/api/auth/oidc/config", timeout=20).json()
        assert config["providerName"] == "Pocket ID"
        assert config["issuerUrl"] == "https://id.example.org"
        assert [each["slug"] for each in config["providers"]] == ["default", "demo"]
    finally:
        assert other.interrupt() == 0
