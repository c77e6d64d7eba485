"""The demo provider (django-oauth-toolkit), started for tests: issuer with a path, claims in the ID token."""

import os
import sys
from typing import Any

from demo import walk
from demo.people import subject_of
from tests.processes import run
from tests.providers.started import Provider


class Toolkit(Provider):
    confidential_id = "fairlead"
    public_id = "fairlead-public"
    organization_id = "fairlead-demo-app"
    organization_redirect = "http://127.0.0.1/demo-app"

    @property
    def issuer(self) -> str:
        return f"{self.origin}/o"

    @property
    def client_secret(self) -> str:  # type: ignore[override]
        return (self.state / "client-secret").read_text(encoding="ascii")

    def prepare(self) -> None:
        command = [sys.executable, "-m", "demo.provider", "prepare_provider", "--app-url", "http://127.0.0.1"]
        run(command, environment=self._environment())

    def sign_in(self, authorize_url: str, account: str) -> str:
        return walk.sign_in(authorize_url, {"person": account})

    def refuse(self, authorize_url: str) -> str:
        """The demo provider's pages offer no way to cancel; it refuses a scope that it does not know."""
        return self.sign_in(authorize_url.replace("scope=openid", "scope=nothing+openid"), "person@example.org")

    def person(self, account: str, **claims: Any) -> str:
        """The account is the e-mail address."""
        self.control(
            "people",
            email=account,
            name=claims.get("name", "New Person"),
            emailVerified=claims.get("email_verified", True),
            picture=claims.get("picture", False),
        )
        return str(subject_of(account))

    def _command(self) -> tuple[list[str], dict[str, str]]:
        flags = ["--workers", "1", "--threads", "8", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        settings = "python:demo.provider.gunicorn_settings"
        return [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            settings,
            "demo.provider.wsgi",
            *flags,
        ], self._environment()

    def _environment(self) -> dict[str, str]:
        own = {
            "DEMO_PROVIDER_STATE": str(self.state),
            "DEMO_PROVIDER_PORT": str(self.port),
            "DEMO_PROVIDER_CONTROL": "on",
        }
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | own
