"""Schemathesis against the live service: no 5xx, no undeclared status, every answer as the document says."""

import subprocess
import sys

import pytest
import requests

from tests.fuzzing import FACTOR
from tests.live.tenants import Backend
from tests.processes import ROOT
from tests.servers import Server, StartServer

pytestmark = [pytest.mark.servers, pytest.mark.fuzzed]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.parametrize("paths", ["^/org/", "^/(app|pools)/"])
def test_the_organization_api_does_what_its_document_says(start_server: StartServer, paths: str) -> None:
    server = start_server()
    call_all(server, paths, Backend(server, "First Organization").raw_key)


def test_the_sign_in_api_does_what_its_document_says(start_server: StartServer) -> None:
    server = start_server(RATE_LIMITS="false")
    body = {"email": "somebody@example.org", "password": "a-good-long-password", "name": "Somebody"}
    registered = requests.post(f"{server.url}/api/auth/register", json=body, timeout=30)
    assert registered.status_code == 201, registered.text
    call_all(server, "^/api/auth/", registered.json()["access_token"])


def call_all(server: Server, paths: str, credential: str) -> None:
    command = [
        str(sys.executable), "-m", "schemathesis.cli", "run", f"{server.url}/api/schema", "--url", server.url,
        "--include-path-regex", paths, "--checks", CHECKS, "--header", f"Authorization: Bearer {credential}",
        "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(40 * FACTOR), "--seed", "1", "--no-color",
        "--request-timeout", "30",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Traceback" not in server.log
