"""What docs/user-pools.md says is done here, so that it stays true."""

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from config.environment import ROOT
from fairlead.orgs import api_keys
from sdkclients import clients
from tests.issuer import KeyServer
from tests.tenants import Tenant, as_user, refused
from userpools import app_users, authorization, signing_keys

TEXT = (ROOT / "docs" / "user-pools.md").read_text()


def block(language: str, holding: str) -> str:
    (found,) = [each for each in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if holding in each]
    return str(found)


@pytest.mark.django_db
def test_tokens_of_own_keys_made_as_written_are_accepted(
    tenant: Tenant, keys: KeyServer, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block("python", "ECAlgorithm"), "docs/user-pools.md", "exec"), {})
    keys.documents["/keys"] = json.loads((tmp_path / "jwks.json").read_text())
    given = {"jwksUri": keys.jwks_uri, "issuer": "https://app.example.org", "audience": "app"}
    client = tenant.application(tenant.pool(given)["id"])
    assert as_user(tenant.client, printed.getvalue().strip(), client["id"]).json()["appUserId"] == "user-1"
    strict = tenant.application(tenant.pool({**given, "audience": "another"})["id"])
    refused(as_user(tenant.client, printed.getvalue().strip(), strict["id"]), 401, "wrong_audience")


def test_the_delays_are_those_of_the_code() -> None:
    assert clients.LIFETIME <= 10
    assert app_users.LIFETIME <= 30
    assert api_keys.LIFETIME <= 30
    assert signing_keys.LEAD.total_seconds() == 3600
    assert signing_keys.MAX_LIFETIME.days == 180


@pytest.mark.parametrize("host", ["www.googleapis.com", "accounts.google.com"])
def test_the_providers_said_to_share_keys_are_refused_without_both(host: str) -> None:
    assert host in TEXT
    with pytest.raises(authorization.AuthorizationRefused):
        authorization.refuse_shared(
            authorization.Authorization(jwks_uri=f"https://{host}/certs"), f"https://{host}/certs"
        )


@pytest.mark.parametrize(
    "host", ["TENANT.REGION.auth0.com", "cognito-idp.REGION.amazonaws.com", "api.stytch.com", "REF.supabase.co"]
)
def test_the_providers_whose_keys_are_a_customers_own_are_not(host: str) -> None:
    assert host in TEXT
    authorization.refuse_shared(authorization.Authorization(jwks_uri=f"https://{host}/keys"), f"https://{host}/keys")
