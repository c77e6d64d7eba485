"""What is checked when a pool's `authorization` is entered, and what the answers say."""

import time
from typing import Any

import pytest
import time_machine

from tests.configure import configure
from tests.issuer import KeyServer, Signer
from tests.tenants import Tenant, as_user, refused
from userpools.models import UserPool

pytestmark = pytest.mark.django_db
DISCOVERY = "/.well-known/openid-configuration"


def reason(tenant: Tenant, authorization: Any, member: str) -> str:
    answer = tenant.call("POST", "/org/userPool", {"name": "x", "authorization": authorization})
    problem = refused(answer, 400, "invalid_request")
    assert list(problem["errors"]["authorization"]) == [member]
    assert not UserPool.objects.exists()
    return str(problem["errors"]["authorization"][member][0])


@pytest.mark.parametrize(
    "uri",
    [
        "$ANON_JWKS_PUBLIC_URL",
        "${JWKS_URL}",
        "$JWKS_URL/keys",
        "https://${HOST}/keys",
        "%JWKS_URL%",
        "{{ jwks_url }}",
        "<your jwks url>",
    ],
)
def test_an_unexpanded_shell_variable_is_named_as_such(tenant: Tenant, uri: str) -> None:
    assert "looks like an unexpanded shell variable" in reason(tenant, {"jwksUri": uri}, "jwksUri")


def test_an_unexpanded_issuer_audience_or_claim_is_named_too(tenant: Tenant) -> None:
    uri = "https://issuer.example/keys"
    assert "unexpanded" in reason(tenant, {"jwksUri": uri, "issuer": "$ISSUER"}, "issuer")
    assert "unexpanded" in reason(tenant, {"jwksUri": uri, "audience": ["ok", "$CLIENT_ID"]}, "audience")
    assert "unexpanded" in reason(tenant, {"jwksUri": uri, "idClaim": "$ID_CLAIM"}, "idClaim")


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("http://issuer.example/keys", "https"),
        ("ftp://issuer.example/keys", "https"),
        ("issuer.example/keys", "https"),
        ("https://127.0.0.1/keys", "whoever runs this service"),
        ("https://10.0.0.8/keys", "whoever runs this service"),
        ("https://169.254.169.254/latest/meta-data", "whoever runs this service"),
        ("https://[::1]/keys", "whoever runs this service"),
        ("https://[::ffff:127.0.0.1]/keys", "whoever runs this service"),
        ("https://2130706433/keys", "unusual"),
        ("https://0x7f.1/keys", "unusual"),
        ("https://user:secret@issuer.example/keys", "password"),
        ("https://issuer.example/keys#x", "fragment"),
        ("https://localhost/keys", "whoever runs this service"),
    ],
)
def test_an_address_that_must_not_be_called_is_refused_with_the_remedy(tenant: Tenant, uri: str, says: str) -> None:
    assert says in reason(tenant, {"jwksUri": uri}, "jwksUri")


def test_the_providers_setting_does_not_open_an_origin_for_pools(
    tenant: Tenant, keys: KeyServer, settings: Any
) -> None:
    configure(settings, OIDC_PRIVATE_ORIGINS=[keys.origin], POOL_PRIVATE_ORIGINS=[])
    assert "whoever runs this service" in reason(tenant, {"jwksUri": keys.jwks_uri}, "jwksUri")
    assert keys.asked == []


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"<html>sign in</html>", "JSON"),
        ({"issuer": "x"}, "no key set"),
        ({"keys": {}}, "no key set"),
        ({"keys": []}, "no usable key"),
        ({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, "symmetric"),
        ({"keys": [Signer("ES256").jwk(use="enc")]}, "not marked for signatures"),
        ({"keys": [Signer("ES256").jwk(kid=str(number)) for number in range(101)]}, "more than 100"),
    ],
)
def test_a_document_that_is_no_usable_key_set_says_why(
    tenant: Tenant, keys: KeyServer, document: Any, says: str
) -> None:
    keys.documents["/keys"] = document
    assert says in reason(tenant, {"jwksUri": keys.jwks_uri}, "jwksUri")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_endpoint_is_201_with_the_warning_and_mends_itself(
    tenant: Tenant, keys: KeyServer, status: int
) -> None:
    keys.status = status
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    assert "keys_unreachable" in {warning["code"] for warning in pool["warnings"]}


def test_the_warning_goes_once_the_keys_were_fetched(tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    path = f"/org/userPool/{pool['id']}"
    assert "keys_unreachable" in str(tenant.call("GET", path).json()["warnings"])
    keys.status = 200
    with time_machine.travel(time.time() + 15, tick=False):
        client = tenant.application(pool["id"])
        assert as_user(tenant.client, keys.issuer.token(), client["id"]).status_code == 200
        assert "keys_unreachable" not in str(tenant.call("GET", path).json()["warnings"])


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 410])
def test_an_answer_that_will_not_change_by_itself_says_its_status(tenant: Tenant, keys: KeyServer, status: int) -> None:
    keys.status, keys.headers = status, {"Location": "http://127.0.0.1:1/keys"}
    assert str(status) in reason(tenant, {"jwksUri": keys.jwks_uri}, "jwksUri")
    assert len(keys.asked) == 1


def test_an_endpoint_that_nobody_answers_is_201_with_the_warning(tenant: Tenant, keys: KeyServer) -> None:
    keys.stop()
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    assert "keys_unreachable" in {warning["code"] for warning in pool["warnings"]}


SHARED = [
    "https://www.googleapis.com/oauth2/v3/certs",
    "https://www.googleapis.com./oauth2/v3/certs",
    "https://WWW.GOOGLEAPIS.COM/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
    "https://login.microsoftonline.com/common/discovery/v2.0/keys",
    "https://appleid.apple.com/auth/keys",
    "https://token.actions.githubusercontent.com/.well-known/jwks",
]


@pytest.mark.parametrize("uri", SHARED)
@pytest.mark.parametrize("members", [{}, {"issuer": "https://i.example"}, {"audience": "mine"}])
def test_keys_of_many_customers_need_issuer_and_audience(tenant: Tenant, uri: str, members: Any) -> None:
    member = "audience" if "issuer" in members else "issuer"
    assert "many customers" in reason(tenant, {"jwksUri": uri, **members}, member)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://accounts.google.com",
        "https://securetoken.google.com/project",
        "https://login.microsoftonline.com/t/v2.0",
    ],
)
def test_an_issuer_of_many_customers_needs_an_audience(tenant: Tenant, issuer: str) -> None:
    assert "many customers" in reason(tenant, {"issuer": issuer}, "audience")


def test_discovery_that_leads_to_shared_keys_needs_an_audience(tenant: Tenant, keys: KeyServer) -> None:
    keys.documents[DISCOVERY] = {"issuer": keys.origin, "jwks_uri": SHARED[0]}
    assert "many customers" in reason(tenant, {"issuer": keys.origin}, "audience")


def test_a_shared_pool_cannot_lose_its_audience_later(tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": "https://i.example", "audience": "mine"})
    UserPool.objects.update(jwks_uri=SHARED[0])
    answer = tenant.call("PATCH", f"/org/userPool/{pool['id']}", {"authorization": {"audience": None}})
    assert "many customers" in refused(answer, 400, "invalid_request")["detail"]


def test_an_issuer_alone_is_enough_where_it_publishes_discovery(tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"issuer": keys.origin, "audience": "client-1"})
    assert pool["authorization"]["jwksUri"] is None
    assert pool["warnings"] == []
    assert keys.asked == [DISCOVERY, "/keys"]


def test_discovery_of_another_issuer_is_refused_and_names_it(tenant: Tenant, keys: KeyServer) -> None:
    keys.documents[DISCOVERY] = keys.metadata(issuer="https://another.example")
    assert "https://another.example" in reason(tenant, {"issuer": keys.origin}, "issuer")


def test_discovery_without_keys_or_with_a_private_address_is_refused(tenant: Tenant, keys: KeyServer) -> None:
    keys.documents[DISCOVERY] = {"issuer": keys.origin, "jwks_uri": "http://127.0.0.1:1/keys"}
    assert "whoever runs this service" in reason(tenant, {"issuer": keys.origin}, "issuer")


def test_an_issuer_that_is_no_address_needs_the_keys_named(tenant: Tenant) -> None:
    assert "Without jwksUri" in reason(tenant, {"issuer": "our own tokens"}, "issuer")


def test_neither_issuer_nor_keys_is_refused(tenant: Tenant) -> None:
    assert "jwksUri" in reason(tenant, {"audience": "mine"}, "jwksUri")


def test_an_unreachable_issuer_is_201_with_the_warning(tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    pool = tenant.pool({"issuer": keys.origin, "audience": "client-1"})
    assert [warning["code"] for warning in pool["warnings"]] == ["keys_unreachable"]


def test_check_says_step_by_step_and_asks_once_per_cooldown(tenant: Tenant, keys: KeyServer) -> None:
    keys.documents["/keys"] = {"keys": [*keys.issuer.jwks()["keys"], {"kty": "oct", "k": "eA", "kid": "odd"}]}
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    answer = tenant.call("POST", f"/org/userPool/{pool['id']}/check")
    assert answer.status_code == 200
    found = answer.json()
    assert found["usable"] is True
    assert found["keys"] == [{"kid": "key-1"}]
    assert found["ageSeconds"] == 0
    text = " ".join(step["text"] for step in found["steps"])
    assert "symmetric" in text
    assert "audience is not set" in text
    for _ in range(3):
        tenant.call("POST", f"/org/userPool/{pool['id']}/check")
    assert keys.count() == 1


def test_check_of_a_broken_endpoint_is_an_answer_and_not_an_error(tenant: Tenant, keys: KeyServer) -> None:
    keys.status = 503
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    found = tenant.call("POST", f"/org/userPool/{pool['id']}/check").json()
    assert found["usable"] is False
    assert [step["outcome"] for step in found["steps"][:2]] == ["failed", "failed"]
    assert all(step["remedy"] for step in found["steps"] if step["outcome"] == "failed")


def test_check_of_a_hosted_pool_lists_its_own_keys(tenant: Tenant) -> None:
    found = tenant.call("POST", f"/org/userPool/{tenant.pool()['id']}/check").json()
    assert found["usable"] is True
    assert len(found["keys"]) == 1


def test_check_of_an_issuer_whose_discovery_fails_says_so(tenant: Tenant, keys: KeyServer) -> None:
    pool = tenant.pool({"issuer": keys.origin, "audience": "client-1"})
    UserPool.objects.update(issuer=f"{keys.origin}/other")
    keys.status = 503
    found = tenant.call("POST", f"/org/userPool/{pool['id']}/check").json()
    assert (found["usable"], found["steps"][0]["name"], found["steps"][0]["outcome"]) == (False, "discovery", "failed")
