"""One scrape of a running service: the sums over its processes, under the names of docs/operations.md."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.issuer import KeyServer, Signer
from tests.live.tenants import Backend, me
from tests.servers import Server, StartServer
from tests.test_operations_page import told

pytestmark = pytest.mark.servers
TOKEN = "a-token-of-the-scraper"
PERSON, PASSWORD = "person@example.org", "correct horse battery"
Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(server: Server) -> Series:
    answer = requests.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found: Series, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


def workers(server: Server) -> set[str]:
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


def reload(server: Server) -> None:
    before = workers(server)
    os.kill(server.pid, signal.SIGHUP)
    for _ in range(300):
        if workers(server) and not before & workers(server):
            return
        time.sleep(0.1)
    pytest.fail("the workers were not replaced")


def test_a_scrape_tells_the_sums_over_all_processes(start_server: StartServer, tmp_path: Path) -> None:
    with KeyServer(Signer("ES256")) as keys:
        server = start_server(
            WEB_CONCURRENCY="2", POOL_PRIVATE_ORIGINS=keys.origin, RATE_LIMITS="on", RATE_LIMIT_REFRESH="60/60", METRICS="on", METRICS_TOKEN=TOKEN,
            TMPDIR=str(tmp_path),
        )  # fmt: skip
        server.python(f"from accounts.models import User; User.objects.create_user({PERSON!r}, {PASSWORD!r})")
        assert requests.get(f"{server.url}/metrics", timeout=30).status_code == 404
        backend = Backend(server, "First Organization")
        client_id = backend.client_of(keys.jwks_uri, issuer=keys.issuer.url, audience="client-1")
        token = keys.issuer.token(sub="app-user-1", aud="client-1")
        # Each call on a connection of its own, so that both workers answer some.
        for _ in range(40):
            assert me(server, token, client_id).status_code == 200
        for password in ("wrong", PASSWORD):
            body = {"email": PERSON, "password": password}
            requests.post(f"{server.url}/api/auth/login", json=body, timeout=30)
        for _ in range(61):
            requests.post(f"{server.url}/api/auth/refresh", json={"refresh_token": "x"}, timeout=30)
        server.manage("clear_expired")
        time.sleep(1)
        found = scraped(server)
        (folder,) = tmp_path.glob("fairlead-metrics-*")
        assert len({re.findall(r"\d+", each.name)[0] for each in folder.glob("counter_*.db")}) == 2
        assert value(found, "fairlead_token_verdicts_total", door="app", code="ok") == 40
        assert value(found, "fairlead_token_verdicts_total", door="key", code="ok") == 2
        refused = {"provider": "none", "outcome": "refused"}
        assert value(found, "fairlead_sign_ins_total", method="password", code="invalid_credentials", **refused) == 1
        assert value(found, "fairlead_sign_ins_total", method="refresh", code="refresh_token_invalid", **refused) == 60
        assert value(found, "fairlead_throttled_total", scope="refresh") == 1
        assert value(found, "fairlead_outbound_call_seconds_count", purpose="keys", outcome="answered") >= 1
        assert value(found, "fairlead_places", kind="requests") == 2 * 16
        assert value(found, "fairlead_places", kind="outside") == 2 * 8
        assert value(found, "fairlead_places_taken", kind="requests") >= 1
        assert value(found, "fairlead_ready", kind="database") == 1
        assert value(found, "fairlead_job_ended_timestamp_seconds", kind="clear_expired") > time.time() - 600

        shown = {re.sub(r"_(?:bucket|sum|count)$", "", name) for name, _ in found if name.startswith("fairlead_")}
        assert shown == set(told())
        for name, labels in found:
            assert {label for label, _ in labels} - {"le"} == set(told()[re.sub(r"_(?:bucket|sum|count)$", "", name)])
        everybody = {text for _, labels in found for label, text in labels if label != "le"}
        ids = {client_id, backend.organization_id, PERSON, "app-user-1"}
        assert not [each for each in everybody if "@" in each or each in ids or re.search(r"[0-9a-f]{8}-|\d{3}", each)]

        # What the replaced workers counted stays counted; the places are those of the new ones alone.
        for _ in range(2):
            reload(server)
        time.sleep(1)
        after = scraped(server)
        assert value(after, "fairlead_token_verdicts_total", door="app", code="ok") == 40
        assert value(after, "fairlead_places", kind="requests") == 2 * 16
        assert len(list(folder.glob("*.db"))) <= 2 * 3 + 2
        server.stop()
        assert not list(tmp_path.glob("fairlead-metrics-*"))
