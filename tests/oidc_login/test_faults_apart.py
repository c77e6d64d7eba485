"""Each known fault between us and a provider leaves its own cause on record, which names what to change, and where."""

import socket

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer
from werkzeug import Response

from fairlead.audit.models import Refusal
from fairlead.causes import TABLE
from oidc_login.flow.provider_faults import RESPONSE_ERRORS, TOKEN_ERRORS
from oidc_login.models import Provider
from tests.configure import configure
from tests.idtokens.certificates import BAD, issue, pem, server
from tests.idtokens.endpoints import answers, response, serve
from tests.oidc_login.conftest import Browser
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, json_answer

pytestmark = pytest.mark.django_db


def refusal(ending: dict[str, str]) -> tuple[str, str]:
    """The cause, and what the operator reads of it."""
    row = Refusal.objects.get(pk=ending["error_id"])
    assert (row.code, row.provider) == (ending["error"], row.provider)
    return row.cause, TABLE[row.cause].operator.format(**row.facts)


@pytest.fixture
def known_by_variables(settings):
    places = {f"OIDC_{name}": (f"OIDC_{name}", ".env") for name in ("CLIENT_ID", "CLIENT_SECRET", "PRIVATE_ORIGINS")}
    configure(settings, SOURCES=places)


@pytest.mark.parametrize("error", sorted(TOKEN_ERRORS))
def test_the_token_endpoints_reason_is_kept(browser, known_by_variables, error):
    answer = {"error": error, "error_description": "written by the provider"}
    browser.provider.answers["token"] = lambda request: json_answer(answer, 400)
    cause, said = refusal(browser.sign_in())
    assert cause == f"token_endpoint.{error}"
    assert "written by" not in said
    if error == "invalid_client":
        assert "OIDC_CLIENT_ID in .env" in said
        assert "OIDC_CLIENT_SECRET in .env" in said
    if error == "invalid_grant":
        assert "http://testserver/api/auth/oidc/callback" in said


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (lambda request: Response("no", status=401), "token_endpoint.invalid_client"),
        (lambda request: json_answer({"error": "of_our_own"}, 400), "token_endpoint.status"),
        (lambda request: json_answer({"error": ["invalid_grant"]}, 400), "token_endpoint.status"),
        (lambda request: Response("no", status=500), "network.server_error"),
        (lambda request: Response("", status=302, headers={"Location": "/"}), "network.redirect"),
    ],
)
def test_other_answers_of_the_token_endpoint(browser, answer, cause):
    browser.provider.answers["token"] = answer
    found, said = refusal(browser.sign_in())
    assert found == cause
    assert "of_our_own" not in said


def test_a_provider_of_the_admin_is_named_as_such(browser, settings):
    configure(settings, OIDC_ENABLED=False)
    row = Provider.objects.create(
        slug="shop", name="Shop", issuer=browser.provider.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
        enabled=True,
    )  # fmt: skip
    browser.provider.answers["token"] = lambda request: json_answer({"error": "invalid_client"}, 401)
    ending = browser.sign_in()
    said = refusal(ending)[1]
    assert "admin, shop" in said
    assert Refusal.objects.get(pk=ending["error_id"]).provider == str(row.pk)


@pytest.mark.parametrize("error", [*sorted(RESPONSE_ERRORS), "of_our_own"])
def test_the_authorization_responses_reason_is_kept(browser, error):
    query = browser.provider.authorize(browser.initiate(), "x")
    del query["code"]
    cause, said = refusal(browser.callback({**query, "error": error}))
    assert cause == ("callback.error" if error == "of_our_own" else f"callback.{error}")
    assert "of_our_own" not in said


TLS = {
    "another name": "network.tls_wrong_name",
    "expired": "network.tls_expired",
    "self-signed": "network.tls_self_signed",
    "of another authority": "network.tls_unknown_authority",
}


@pytest.mark.parametrize("kind", TLS)
def test_certificates(browser, settings, tmp_path, kind):
    authority = issue(name="authority", authority=True)
    with serve(answers(response(b"{}")), tls=server(BAD[kind](authority), tmp_path)) as endpoint:
        _moved(browser, settings, endpoint.origin, authority=authority, folder=tmp_path)
        cause, said = refusal(browser.sign_in())
    assert cause == TLS[kind]
    assert endpoint.origin in said


def test_no_tls_at_all(browser, settings):
    _moved(browser, settings, browser.provider.issuer.replace("http:", "https:"))
    assert refusal(browser.sign_in())[0] == "network.not_tls"


def test_nobody_listens(browser, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _moved(browser, settings, f"http://127.0.0.1:{port}")
    assert refusal(browser.sign_in())[0] == "network.connection_refused"


def test_a_name_that_nobody_knows(browser, settings, monkeypatch):
    real = socket.getaddrinfo

    def resolve(host, *args, **more):
        if host == "login.shop.example":
            raise socket.gaierror
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    _moved(browser, settings, "https://login.shop.example")
    cause, said = refusal(browser.sign_in())
    assert cause == "network.name_unknown"
    assert "login.shop.example" in said


def test_a_private_address_names_the_setting_and_where_it_is(browser, settings, known_by_variables):
    browser.provider.extra_metadata = {"token_endpoint": "https://10.0.0.8/token"}
    ending = Browser(Client(), browser.provider).client.get("/api/auth/oidc/initiate")["Location"]
    cause, said = refusal(dict(each.split("=") for each in ending.partition("?")[2].split("&")))
    assert cause == "network.private_address"
    assert "list its exact origin in OIDC_PRIVATE_ORIGINS (now: .env)" in said


def test_a_proxy_that_is_gone(browser, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    configure(settings, OUTBOUND_PROXY=f"http://127.0.0.1:{port}")
    browser.provider.extra_metadata = {"token_endpoint": "https://93.184.215.14/token"}
    assert refusal(browser.sign_in())[0] == "network.proxy"


def test_a_provider_that_is_down_from_the_first_call_on(browser, settings):
    with HTTPServer(host="127.0.0.1", port=0) as gone:
        issuer = gone.url_for("").rstrip("/")
    configure(settings, OIDC_ISSUER_URL=issuer, OIDC_PRIVATE_ORIGINS=(issuer,))
    ending = Client().get("/api/auth/oidc/initiate")["Location"]
    cause, said = refusal(dict(each.split("=") for each in ending.partition("?")[2].split("&")))
    assert cause == "network.connection_refused"
    assert said.startswith("discovery: ")


def _moved(browser, settings, origin, *, authority=None, folder=None):
    """The token endpoint is somewhere else."""
    if authority is not None:
        (folder / "authority.pem").write_bytes(pem(authority.certificate))
        configure(settings, OUTBOUND_CA_BUNDLE=str(folder / "authority.pem"))
    configure(settings, OIDC_PRIVATE_ORIGINS=(browser.provider.issuer, origin))
    browser.provider.extra_metadata = {"token_endpoint": f"{origin}/token"}
