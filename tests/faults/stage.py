"""Where a fault is planted, and the two who are told: the one before the screen or the answer, and the operator."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import User
from fairlead.audit import token_doors
from fairlead.audit.models import Refusal
from fairlead.causes import of_record
from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.oidc_login.conftest import Browser, arrived
from tests.oidc_login.scripted import ScriptedProvider
from tests.tenants import Tenant, as_user

PASSWORD = "a long enough password"
_ALERT = re.compile(r'role="alert".*?</(?:section|div|aside)>', re.DOTALL)


@dataclass(frozen=True)
class Told:
    """What somebody who is no operator reads of it, and what the operator reads on record."""

    person: str
    operator: str


@dataclass
class Stage:
    """A browser and its provider; an organization with a pool and a client. A fault changes one thing."""

    settings: Any
    provider: ScriptedProvider
    browser: Browser
    keys: KeyServer
    tenant: Tenant
    made: dict[str, Any] = field(default_factory=dict)

    def configure(self, **values: Any) -> None:
        configure(self.settings, **values)

    def person(self, **fields: Any) -> User:
        return User.objects.create_user("person@example.org", PASSWORD, **fields)

    # The doors of people

    def signed_in_through_provider(self) -> Told:
        return self.page(self.browser.sign_in())

    def page(self, ending: dict[str, str]) -> Told:
        """The sign-in page with what the callback handed to it."""
        assert "error" in ending, ending
        return Told(_text(Client().get("/login", ending, headers={"Accept": "text/html"})), of_row(ending["error_id"]))

    def led(self, response: Any) -> Told:
        """What was answered with a redirect to the sign-in page."""
        return self.page(arrived(response))

    def shown(self, response: Any) -> Told:
        """A page of ours, with the error id on it."""
        assert response["Content-Type"].startswith("text/html"), response["Content-Type"]
        return Told(_text(response), of_row(Refusal.objects.latest("at").pk))

    def post(self, path: str, body: Any = None, **headers: str) -> Told:
        """An answer to a program of a person's."""
        response = self.browser.client.post(
            f"/api/auth/{path}", body or {}, content_type="application/json", headers=headers
        )
        return self.answered(response)

    def tokens(self) -> dict[str, str]:
        body = {"email": "person@example.org", "password": PASSWORD}
        found: dict[str, str] = self.browser.client.post(
            "/api/auth/login", body, content_type="application/json"
        ).json()
        return found

    # The doors of programs

    def pool(self, **authorization: Any) -> None:
        trusted = {"jwksUri": self.keys.jwks_uri, "issuer": self.keys.issuer.url, "audience": "client-1"}
        given = {name: value for name, value in {**trusted, **authorization}.items() if value is not None}
        self.made["pool"] = self.tenant.pool(given)
        self.made["client"] = self.tenant.application(self.made["pool"]["id"])["id"]

    def me(self, token: str | None = None, *, signer: Signer | None = None, **claims: Any) -> Told:
        """An app user's call, with a good token changed in this."""
        if "pool" not in self.made:
            self.pool()
        issuer = self.keys.issuer
        raw = token or (signer or issuer.signer).token(issuer.claims(**claims))
        return self.answered(as_user(self.tenant.client, raw, self.made["client"]))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        return self.answered(self.tenant.call(method, path, body, **headers))

    def answered(self, response: Any) -> Told:
        """A problem document, and what is on record under its request id."""
        assert response.status_code >= 400, response.content
        body = response.json()
        token_doors.flush()
        said = f"{body['title']}. {body['detail']} {body.get('errors', '')}"
        return Told(said, of_row(body["requestId"]))


def of_row(error_id: str) -> str:
    row = Refusal.objects.get(pk=error_id)
    return of_record(row.cause, row.code, row.facts).operator


def _text(response: Any) -> str:
    body = response.content.decode()
    found = re.search(r"<main.*?</main>", body, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0] if found else body).split())
