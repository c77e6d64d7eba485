"""`make run`: the service and the demo provider side by side, ready to try. Ctrl-C ends both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

from demo import example, guide, running
from demo.children import ROOT, Children, NotStarted, host_of, refuse_busy
from demo.surroundings import VAR, Surroundings, SurroundingsError, look_around, make_secrets

LOG = VAR / "development.log"


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        around = look_around()
        refuse_busy(around.port, setting="PORT")
        refuse_busy(around.provider_port, setting="PROVIDER_PORT")
        spa = example.wanted(around, os.environ)
        if spa:
            spa.refuse_busy()
        _prepare(around)
        if spa:
            _register(around, spa.service_url)
        with Children(LOG) as children:
            _start(children, around)
            if spa:
                spa.start(children)
                print(f"The example single-page app: {spa.url}")
            running.tell(around)
            print(guide.text(around), flush=True)
            ended = children.until_one_ends()
    except KeyboardInterrupt:
        print("\nStopped. What you did is kept for the next start.")
        return 0
    except (SurroundingsError, NotStarted) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    finally:
        running.take_back()
    print(f"\n{ended}", file=sys.stderr)
    return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _prepare(around: Surroundings) -> None:
    if make_secrets():
        print("Made secrets for this machine in var/development.env.")
    python = sys.executable
    _step("Preparing the database", [python, "manage.py", "migrate", "--verbosity", "0"], around.service)
    _register(around, around.app_url)
    if around.own_database:
        told = {**around.service, "DEMO_ISSUER": around.issuer, "DEMO_API_KEY_FILE": str(VAR / "demo-api-key")}
        told["DEMO_CLIENT_SECRET_FILE"] = f"{around.provider['DEMO_PROVIDER_STATE']}/client-secret"
        _step("Loading demo data", [python, "-m", "demo.data"], told)


def _register(around: Surroundings, app_url: str) -> None:
    """Let people come back from the demo provider to this address."""
    command = [sys.executable, "-m", "demo.provider", "prepare_provider", "--app-url", app_url]
    _step("Preparing the demo provider", command, around.provider)


def _step(title: str, command: list[str], environment: Mapping[str, str]) -> None:
    print(f"{title} ... ", end="", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        print("failed.")
        raise NotStarted(f"{(done.stdout + done.stderr).strip()}\n\n{title} failed. What it said stands above.")
    print(f"{time.monotonic() - began:.1f} s")


def _start(children: Children, around: Surroundings) -> None:
    print("Starting ... ", end="", flush=True)
    gunicorn = [sys.executable, "-m", "gunicorn"]
    provider = children.start(
        "demo provider",
        [*gunicorn, "--config", "python:demo.provider.gunicorn_settings", "demo.provider.wsgi"],
        environment=around.provider,
    )
    service = children.start("service", [*gunicorn, "config.wsgi"], environment=around.service)
    children.wait_for(provider, f"{around.issuer}/.well-known/openid-configuration", host=host_of(around.issuer))
    children.wait_for(service, f"http://127.0.0.1:{around.port}/livez", host=host_of(around.app_url))
    print("both answer.")
