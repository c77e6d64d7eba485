"""`manage.py doctor` and sign-in providers: each fault names the setting, or the field in the admin, to change."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug import Request, Response

from accounts.models import User
from fairlead.web.health import examinations
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, Verdict
from oidc_login.models import Identity, Provider
from tests import health
from tests.configure import configure
from tests.oidc_login.scripted import CLIENT_ID, CLIENT_SECRET, ScriptedProvider, json_answer

WELL_KNOWN = "/.well-known/openid-configuration"
WARNING, PROBLEM = Verdict.WARNING, Verdict.PROBLEM
Plant = Callable[[ScriptedProvider, Any], object]


@pytest.fixture(autouse=True)
def good(provider: ScriptedProvider) -> ScriptedProvider:
    """A provider that offers what a good one offers, and looks at who asks."""
    provider.userinfo = {"sub": "subject-1"}
    provider.extra_metadata = {
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }
    provider.answers["userinfo"] = lambda request: json_answer({}, 401)
    provider.answers["token"] = lambda request: json_answer(*token_answer(request))
    return provider


def token_answer(request: Request) -> tuple[dict[str, str], int]:
    known = (request.form.get("client_id"), request.form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    return ({"error": "invalid_grant"}, 400) if known else ({"error": "invalid_client"}, 401)


def look(**asked: Any) -> list[Finding]:
    return health.look("providers", Asked(**asked))


def set_to(**values: Any) -> Plant:
    return lambda provider, settings: configure(settings, **values)


def issuer(suffix: str) -> Plant:
    return lambda provider, settings: configure(settings, OIDC_ISSUER_URL=provider.issuer + suffix)


def metadata(**members: Any) -> Plant:
    return lambda provider, settings: provider.extra_metadata.update(members)


def answer(path: str, document: dict[str, Any], status: int) -> Plant:
    return lambda provider, settings: provider.answers.update({path: lambda request: json_answer(document, status)})


def page(path: str) -> Plant:
    return lambda provider, settings: provider.answers.update({path: lambda request: Response("<html>", status=200)})


def token(error: str, status: int = 400) -> Plant:
    return answer("token", {"error": error}, status)


def imported_under_a_twin(provider: ScriptedProvider, settings: Any) -> None:
    user = User.objects.create_user("person@example.org")
    Identity.objects.create(user=user, issuer=f"{provider.issuer}/", subject="1")


def away(provider: ScriptedProvider, settings: Any) -> None:
    provider.server.stop()


FAULTS: dict[str, tuple[Plant, Verdict, str, tuple[str, ...]]] = {
    "a wrong id": (set_to(OIDC_CLIENT_ID="another"), PROBLEM, "Client id and secret", ("OIDC_CLIENT_ID=another",)),
    "a wrong secret": (set_to(OIDC_CLIENT_SECRET="wrong-secret"), PROBLEM, "Client id and secret",
                       ("OIDC_CLIENT_SECRET (default)", "OIDC_CLIENT_AUTH=")),
    "no secret": (set_to(OIDC_CLIENT_SECRET=""), PROBLEM, "Client id and secret", ("Enter OIDC_CLIENT_SECRET",)),
    "the secret sent in another way": (set_to(OIDC_CLIENT_AUTH="basic"), PROBLEM, "Client id and secret",
                                       ("OIDC_CLIENT_AUTH=basic",)),
    "a client that may not": (token("unauthorized_client"), PROBLEM, "Client id and secret",
                              ("OIDC_CLIENT_ID=fairlead", "authorization code flow")),
    "an unknown client said with 401": (token("unauthorized_client", 401), PROBLEM, "Client id and secret",
                                        ("OIDC_CLIENT_SECRET",)),
    "a callback nobody registered": (token("redirect_uri_mismatch"), PROBLEM, "Client id and secret",
                                     ("http://testserver/api/auth/oidc/callback",)),
    "a token endpoint that is down": (answer("token", {}, 503), PROBLEM, "Client id and secret", ("503", "provider's")),
    "userinfo that is gone": (answer("userinfo", {}, 404), WARNING, "Userinfo", ("404", "provider's administrator")),
    "userinfo for anybody": (answer("userinfo", {"sub": "x"}, 200), WARNING, "Userinfo", ("without a token",)),
    "a slash too many": (issuer("/"), PROBLEM, "Issuer", ("slash at the end alone", "OIDC_ISSUER_URL=http")),
    "the discovery address": (issuer(WELL_KNOWN), PROBLEM, "Issuer", ("not the issuer", "Set OIDC_ISSUER_URL=http")),
    "a path that is none": (answer("openid-configuration", {}, 404), PROBLEM, "Discovery", ("no discovery document", "OIDC_ISSUER_URL=")),
    "a provider with an outage": (
        answer("openid-configuration", {}, 503),
        PROBLEM,
        "Discovery",
        ("503", "its own administrator"),
    ),
    "a page for a document": (page("openid-configuration"), PROBLEM, "Discovery", ("application/json",)),
    "another issuer": (metadata(issuer="https://else.example"), PROBLEM, "Issuer",
                       ("https://else.example", "OIDC_ISSUER_URL=")),
    "an issuer of many": (metadata(issuer="https://x.example/{tenantid}/v2.0"), PROBLEM, "Issuer",
                          ("own tenant's id", "OIDC_ISSUER_URL=")),
    "a provider that is away": (away, PROBLEM, "Discovery", ("OIDC_ISSUER_URL=", "can reach it")),
    "a private address nobody allowed": (set_to(OIDC_PRIVATE_ORIGINS=()), PROBLEM, "Discovery",
                                         ("OIDC_PRIVATE_ORIGINS",)),
    "no keys": (answer("jwks", {"keys": []}, 200), PROBLEM, "Keys", ("no usable key",)),
    "no scope for the address": (set_to(OIDC_SCOPES="openid"), PROBLEM, "Scopes", ("email", "OIDC_SCOPES=openid")),
    "a scope that is not offered": (metadata(scopes_supported=["openid", "email"]), WARNING, "Scopes",
                                    ("profile", "OIDC_SCOPES=")),
    "a placeholder": (set_to(OIDC_CLIENT_ID="${CLIENT}"), PROBLEM, "Placeholder", ("OIDC_CLIENT_ID=${CLIENT}",)),
    "a placeholder for the secret": (set_to(OIDC_CLIENT_SECRET="<secret>"), PROBLEM, "Placeholder",
                                     ("OIDC_CLIENT_SECRET (default)",)),
    "people linked to a twin": (imported_under_a_twin, WARNING, "Identities", ("1 are linked", "OIDC_ISSUER_URL=")),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_names_what_to_change(
    provider: ScriptedProvider, settings: Any, name: str
) -> None:
    plant, verdict, what, says = FAULTS[name]
    plant(provider, settings)
    first = max(look(), key=lambda each: each.verdict.rank)
    assert (first.verdict, first.what) == (verdict, f"default: {what}")
    for text in says:
        assert text in health.told(first)
    assert CLIENT_SECRET not in health.told(first)


def test_a_good_provider_is_well(provider: ScriptedProvider) -> None:
    found = look()
    assert {each.verdict for each in found} == {Verdict.OK}
    assert {"default: Client id and secret", "default: Userinfo", "default: Clock"} <= {each.what for each in found}
    assert provider.calls["token"] == 1


def test_the_code_that_is_sent_is_made_up_and_the_callback_ours(provider: ScriptedProvider) -> None:
    forms: list[dict[str, str]] = []
    provider.answers["token"] = lambda request: (forms.append(request.form.to_dict()), json_answer({}, 400))[1]
    (unclear,) = [each for each in look() if each.what == "default: Client id and secret"]
    assert unclear.verdict is Verdict.NOTE
    assert forms[0]["redirect_uri"] == "http://testserver/api/auth/oidc/callback"
    assert len(forms[0]["code"]) > 20


def test_offline_asks_nobody(provider: ScriptedProvider) -> None:
    assert health.faults(look(offline=True)) == []
    assert not provider.calls


def row(provider: ScriptedProvider, **values: Any) -> Provider:
    given = {"slug": "second", "name": "Second", "issuer": provider.issuer, "client_id": CLIENT_ID, **values}
    return Provider.objects.create(client_secret=values.pop("client_secret", CLIENT_SECRET), **given)


def test_a_provider_of_the_admin_names_its_fields(provider: ScriptedProvider, settings: Any) -> None:
    configure(settings, OIDC_ISSUER_URL="", OIDC_CLIENT_ID="")
    row(provider, client_id="another")
    (found,) = health.faults(look())
    assert found.what == "second: Client id and secret"
    assert "the client secret of the provider second in the admin" in found.remedy


def test_two_issuers_that_differ_by_a_slash_are_told(provider: ScriptedProvider) -> None:
    row(provider, issuer=f"{provider.issuer}/")
    found = [each for each in look(offline=True) if each.verdict is WARNING]
    assert [each.what for each in found] == ["default: Issuer", "second: Issuer"]
    assert "second" in found[0].text


def test_one_provider_is_looked_at_alone_enabled_or_not(provider: ScriptedProvider) -> None:
    row(provider, enabled=False, issuer=f"{provider.issuer}/sub")
    assert "second" not in " ".join(each.what for each in look(offline=True))
    found = examinations.run(Asked(provider="second", offline=True))
    assert {each.area for each in found} == {"providers"}
    assert [(each.what, each.verdict) for each in found] == [("second: Enabled", Verdict.NOTE)]


def test_a_provider_that_is_not_there_is_a_problem(provider: ScriptedProvider) -> None:
    (found,) = look(provider="nothing")
    assert (found.verdict, "default" in found.remedy) == (PROBLEM, True)


def test_when_the_time_is_used_up_nobody_is_asked(provider: ScriptedProvider) -> None:
    assert [each.verdict for each in look(until=0.0)] == [Verdict.NOTE]
    assert not provider.calls
