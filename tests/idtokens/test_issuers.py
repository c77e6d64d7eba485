"""Keys and metadata through the one door, over real sockets and the real database."""

import time

import pytest

from fairlead.idtokens import background, issuers, outbound
from fairlead.idtokens.errors import (
    FetchesUsedUp,
    FetchFailed,
    FetchRefused,
    KeysUnavailable,
    MetadataRefused,
    MetadataUnavailable,
    TokenRefused,
)
from fairlead.idtokens.models import RemoteDocument
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.attacks import KeyServer, Signer
from tests.configure import configure
from tests.issuer import Issuer

pytestmark = pytest.mark.django_db
WELL_KNOWN = "/.well-known/openid-configuration"


class Clock:
    def __init__(self):
        self.offset = 0.0

    def __call__(self):
        return time.time() + self.offset


@pytest.fixture
def clock():
    clock = Clock()
    issuers.start_again(run=background.inline, clock=clock)
    return clock


def restart(clock):
    issuers.start_again(run=background.inline, clock=clock)


@pytest.fixture
def server(settings):
    with KeyServer() as server:
        configure(settings, POOL_PRIVATE_ORIGINS=(server.origin,))
        configure(settings, OIDC_PRIVATE_ORIGINS=(server.origin,))
        yield server


def check(server, raw, *, clock=time.time):
    policy = Policy.for_pool(algorithms=["RS256"], issuer=server.issuer.url, audiences=["client-1"])
    keys = issuers.keys(server.jwks_uri, outbound=outbound.pools(), group="org-1")
    return verify(raw, policy=policy, keys=keys, now=clock())


def refused(server, raw, clock):
    with pytest.raises(TokenRefused) as refusal:
        check(server, raw, clock=clock)
    return refusal.value.code


def token(server, clock, signer=None, **members):
    return (signer or server.issuer.signer).token(server.issuer.claims(now=clock(), **members))


def test_many_tokens_cost_one_fetch(server, clock):
    for _ in range(20):
        assert check(server, token(server, clock))
    assert server.count() == 1


def test_a_new_key_works_at_its_first_use(server, clock):
    check(server, token(server, clock))
    clock.offset += 10
    server.issuer.signers.append(Signer("RS256", kid="key-2", name="second"))
    assert check(server, token(server, clock, server.issuer.signers[1])).kid == "key-2"
    assert server.count() == 2


def test_a_new_key_works_also_where_the_old_one_is_gone(server, clock):
    old = token(server, clock)
    check(server, old)
    clock.offset += 10
    server.issuer.signers = [Signer("RS256", kid="key-2", name="second")]
    assert check(server, token(server, clock))
    assert refused(server, old, clock) == "unknown_key"


def test_a_new_key_under_the_old_kid_works_and_the_old_one_does_not(server, clock):
    old = token(server, clock)
    check(server, old)
    clock.offset += 10
    server.issuer.signers = [Signer("RS256", name="second")]
    assert check(server, token(server, clock))
    assert refused(server, old, clock) == "bad_signature"
    assert server.count() == 2


def test_a_thousand_tokens_with_unknown_kids_cost_one_fetch_per_cooldown(server, clock):
    check(server, token(server, clock))
    clock.offset += 10
    stranger = Signer("RS256", name="stranger")
    claims = server.issuer.claims(now=clock())
    for number in range(1000):
        assert refused(server, stranger.token(claims, kid=f"kid-{number}"), clock) == "unknown_key"
    assert server.count() == 2
    assert check(server, token(server, clock))


def test_a_thousand_forged_signatures_cost_one_fetch_per_cooldown(server, clock):
    check(server, token(server, clock))
    clock.offset += 10
    forged = Signer("RS256", name="stranger").token(server.issuer.claims(now=clock()))
    for _ in range(1000):
        assert refused(server, forged, clock) == "bad_signature"
    assert server.count() == 2


def test_a_revoked_key_stops_working_within_five_and_a_half_minutes(server, clock):
    raw = token(server, clock, exp=clock() + 3600)
    check(server, raw)
    server.issuer.signers = [Signer("RS256", kid="key-2", name="second")]
    clock.offset += 5.5 * 60 + 1
    assert refused(server, raw, clock) == "unknown_key"


def test_an_outage_fails_no_token_also_after_a_restart(server, clock):
    raw = token(server, clock, exp=clock() + 7200)
    check(server, raw)
    server.status = 503
    for _ in range(3):
        clock.offset += 301
        for _ in range(5):
            assert check(server, raw, clock=clock)
        restart(clock)
        for _ in range(5):
            assert check(server, raw, clock=clock)
    # One attempt per cooldown: the restarted process does not ask again within it.
    assert server.count() == 4


def test_an_unknown_key_while_the_issuer_is_down_is_not_the_tokens_fault(server, clock):
    check(server, token(server, clock))
    server.status = 500
    clock.offset += 10
    with pytest.raises(KeysUnavailable):
        check(server, token(server, clock, Signer("RS256", kid="key-2", name="second")))


def test_keys_that_never_could_be_had_are_unavailable_and_say_when_to_try_again(server, clock):
    server.status = 500
    for _ in range(3):
        with pytest.raises(KeysUnavailable) as unavailable:
            check(server, token(server, clock))
        assert 1 <= unavailable.value.retry_after <= 10
    assert server.count() == 1


def test_keys_of_a_private_address_are_unavailable_unless_the_callers_own_setting_allows_it(server, clock, settings):
    check(server, token(server, clock))
    configure(settings, POOL_PRIVATE_ORIGINS=())
    with pytest.raises(KeysUnavailable, match="Only whoever runs this service can allow it") as unavailable:
        check(server, token(server, clock))
    # Callers read the sentence; the setting is for the record.
    assert "POOL_PRIVATE_ORIGINS" not in str(unavailable.value)
    assert unavailable.value.fault_facts["setting"] == "POOL_PRIVATE_ORIGINS"


def test_keys_that_somebody_else_may_fetch_are_not_handed_to_who_may_not(server, clock, settings):
    issuers.first_fetch(server.jwks_uri, outbound=outbound.providers())
    configure(settings, POOL_PRIVATE_ORIGINS=())
    with pytest.raises(FetchRefused, match="POOL_PRIVATE_ORIGINS"):
        issuers.first_fetch(server.jwks_uri, outbound=outbound.pools())


def test_an_organization_with_many_addresses_has_one_budget(server, clock):
    # A whole minute, so that the count does not begin anew meanwhile.
    clock.offset += 60 - clock() % 60 + 1
    for number in range(35):
        server.documents[f"/keys/{number}"] = server.issuer.jwks()
    for number in range(30):
        issuers.first_fetch(f"{server.origin}/keys/{number}", outbound=outbound.pools(), group="org-1")
    for number in range(30, 35):
        with pytest.raises(FetchesUsedUp, match="Your organization"):
            issuers.first_fetch(f"{server.origin}/keys/{number}", outbound=outbound.pools(), group="org-1")
    assert len(server.asked) == 30


def test_the_first_fetch_returns_the_keys(server, clock):
    keyset = issuers.first_fetch(server.jwks_uri, outbound=outbound.pools())
    assert [key.kid for key in keyset.keys] == ["key-1"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"keys": []}, "no usable key"),
        ({"keys": [{"kty": "oct", "k": "AA"}]}, "entry 1 is a symmetric key"),
        ({"no": "keys"}, "no key set"),
        ([], "no key set"),
        (b"<html>", "not JSON"),
        (b'{"keys": [], "keys": []}', "twice"),
    ],
)
def test_a_first_fetch_says_why_a_document_can_never_work(server, clock, document, reason):
    server.documents["/keys"] = document
    for _ in range(2):
        with pytest.raises(FetchRefused, match=reason):
            issuers.first_fetch(server.jwks_uri, outbound=outbound.pools())


def test_a_first_fetch_tells_refused_from_unreachable(server, clock):
    with pytest.raises(FetchRefused, match="POOL_PRIVATE_ORIGINS"):
        issuers.first_fetch("https://127.0.0.1/keys", outbound=outbound.pools())
    server.status = 503
    with pytest.raises(FetchFailed, match="503"):
        issuers.first_fetch(server.jwks_uri, outbound=outbound.pools())


def test_a_check_asks_once_per_cooldown_and_then_reports_the_last_fetch(server, clock):
    server.documents["/keys"] = {"keys": [server.issuer.signer.jwk(), {"kty": "oct", "kid": "s"}]}
    first = issuers.check_now(server.jwks_uri, outbound=outbound.pools())
    again = issuers.check_now(server.jwks_uri, outbound=outbound.pools())
    assert (first.fetched_now, again.fetched_now, server.count()) == (True, False, 1)
    assert (again.kids, again.ignored[0].kid, again.error) == (("key-1",), "s", None)
    assert again.fetched_at == first.fetched_at
    server.status = 500
    clock.offset += 10
    failed = issuers.check_now(server.jwks_uri, outbound=outbound.pools())
    assert (failed.fetched_now, failed.kids, failed.error_is_final) == (True, ("key-1",), False)
    assert "500" in failed.error
    assert issuers.state(server.jwks_uri).error == failed.error


def test_a_check_of_a_forbidden_address_reports_it_without_asking(server, clock):
    state = issuers.check_now("http://127.0.0.1:1/keys", outbound=outbound.pools())
    assert state.error_is_final
    assert "POOL_PRIVATE_ORIGINS" in state.error
    assert issuers.state("https://never.example/keys").error is None


def metadata(server, issuer=None):
    return issuers.metadata(issuer or server.issuer.url, outbound=outbound.providers())


def test_metadata_is_read_once_and_narrowed(server, clock):
    server.documents["/.well-known/openid-configuration"] = server.metadata(
        id_token_signing_alg_values_supported=["HS256", "none", "RS256", "ES256", "RS1"],
        code_challenge_methods_supported=["S256"],
        authorization_response_iss_parameter_supported=True,
    )
    for _ in range(5):
        found = metadata(server)
    assert found.id_token_algorithms == {"RS256", "ES256"}
    assert (found.jwks_uri, found.userinfo_endpoint) == (server.jwks_uri, f"{server.origin}/userinfo")
    assert (found.introspection_endpoint, found.end_session_endpoint) == (None, None)
    assert found.token_endpoint_auth_methods == {"client_secret_basic"}
    assert found.code_challenge_methods == {"S256"}
    assert found.authorization_response_iss_parameter_supported
    assert server.count("/.well-known/openid-configuration") == 1


def test_an_issuer_with_a_path_and_a_slash_has_its_document_below_the_path(server, clock):
    issuer = f"{server.origin}/realms/a/"
    server.documents["/realms/a/.well-known/openid-configuration"] = server.metadata(issuer=issuer)
    assert metadata(server, issuer).issuer == issuer


@pytest.mark.parametrize(
    "members",
    [
        {"issuer": "https://evil.example"},
        {"issuer": ""},
        {"authorization_endpoint": None},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"token_endpoint": ["https://a.example"]},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://user:pass@issuer.example/keys"},
        {"userinfo_endpoint": "http://public.example/userinfo"},
        {"userinfo_endpoint": "https://10.0.0.1/userinfo"},
        {"introspection_endpoint": 1},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"id_token_signing_alg_values_supported": []},
        {"id_token_signing_alg_values_supported": "RS256"},
        {"token_endpoint_auth_methods_supported": [1]},
    ],
    ids=repr,
)
def test_metadata_that_cannot_be_trusted_is_refused(server, clock, members):
    server.documents["/.well-known/openid-configuration"] = server.metadata(**members)
    with pytest.raises(MetadataRefused):
        metadata(server)


def test_an_issuer_that_differs_by_a_slash_is_another_issuer(server, clock):
    with pytest.raises(MetadataRefused, match="calls itself"):
        metadata(server, server.issuer.url + "/")


@pytest.mark.parametrize("document", [[], "x", {}, {"issuer": 1}, b"<html>"], ids=repr)
def test_a_document_that_is_no_metadata_is_refused(server, clock, document):
    server.documents["/.well-known/openid-configuration"] = document
    with pytest.raises(MetadataRefused):
        metadata(server)


def test_unreachable_metadata_is_unavailable_but_a_known_one_goes_on(server, clock):
    server.status = 503
    with pytest.raises(MetadataUnavailable):
        metadata(server)
    clock.offset += 10
    server.status = 200
    assert metadata(server)
    server.status = 503
    clock.offset += 3600
    assert metadata(server)
    restart(clock)
    assert metadata(server)


WORSE = {
    "not JSON": lambda server: b"<html>nonsense",
    "a list": lambda server: [],
    "no issuer": lambda server: {"jwks_uri": server.jwks_uri},
    "another issuer": lambda server: server.metadata(issuer="https://evil.example"),
    "the issuer with a slash": lambda server: server.metadata(issuer=f"{server.issuer.url}/"),
    "no endpoint of a login": lambda server: server.metadata(authorization_endpoint=None),
    "an address that may not be called": lambda server: server.metadata(token_endpoint="http://169.254.169.254/"),
    "no keys": lambda server: server.metadata(jwks_uri=None),
    "no algorithm": lambda server: server.metadata(id_token_signing_alg_values_supported=["HS256"]),
}


@pytest.mark.parametrize("worse", WORSE.values(), ids=WORSE)
@pytest.mark.parametrize("who_asks", ["a sign-in", "a pool"])
def test_nonsense_after_a_good_discovery_document_replaces_nothing(server, clock, caplog, worse, who_asks):
    """Whoever asks: a pool needs the keys alone, and its fetch must not take the login from a sign-in."""
    good = metadata(server)
    server.documents[WELL_KNOWN] = worse(server)
    for number in range(1, 4):
        clock.offset += 301
        if who_asks == "a pool":
            assert issuers.jwks_uri(server.issuer.url, outbound=outbound.pools(), group="1") == good.jwks_uri
        assert metadata(server) == good
        assert server.count(WELL_KNOWN) == 1 + number
        restart(clock)
        assert metadata(server) == good
    assert f"those of {3 * 301} s ago serve on" in caplog.text
    assert RemoteDocument.objects.get().error
    del server.documents[WELL_KNOWN]
    clock.offset += 10
    assert metadata(server) == good
    assert not RemoteDocument.objects.get().error


def test_nonsense_after_a_good_discovery_document_is_told_after_a_day(server, clock):
    metadata(server)
    server.documents[WELL_KNOWN] = server.metadata(issuer="https://evil.example")
    clock.offset += 301
    metadata(server)
    clock.offset += 24 * 3600
    with pytest.raises(MetadataRefused, match=r"calls itself 'https://evil\.example'"):
        metadata(server)


def test_an_issuer_that_was_renamed_by_a_slash_works_once_it_is_configured(server, clock):
    metadata(server)
    renamed = f"{server.issuer.url}/"
    server.documents[WELL_KNOWN] = server.metadata(issuer=renamed)
    clock.offset += 301
    assert metadata(server)
    with pytest.raises(MetadataRefused):
        metadata(server, renamed)
    clock.offset += 11
    assert metadata(server, renamed).issuer == renamed


@pytest.mark.parametrize(
    "document",
    [{"keys": []}, {"keys": [{"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"}]}, {"keys": {}}, [], b"<html>"],
    ids=repr,
)
def test_a_key_set_without_a_usable_key_after_a_good_one_revokes_nothing(server, clock, caplog, document):
    raw = token(server, clock, exp=clock() + 7200)
    check(server, raw)
    server.documents["/keys"] = document
    for _ in range(3):
        clock.offset += 301
        assert check(server, raw, clock=clock)
        restart(clock)
        assert check(server, raw, clock=clock)
    assert server.count() == 4
    assert f"those of {3 * 301} s ago serve on" in caplog.text
    found = issuers.state(server.jwks_uri)
    assert found.kids == ("key-1",)
    assert found.error
    assert found.error_is_final
    server.documents["/keys"] = Issuer(server.issuer.url, Signer("RS256", kid="key-2", name="second")).jwks()
    clock.offset += 10
    assert issuers.check_now(server.jwks_uri, outbound=outbound.pools()).kids == ("key-2",)
    assert refused(server, raw, clock) == "unknown_key"


def test_metadata_of_a_forbidden_address_names_the_setting(clock):
    with pytest.raises(MetadataRefused, match="OIDC_PRIVATE_ORIGINS"):
        issuers.metadata("http://keycloak.internal/realms/a", outbound=outbound.providers())


def test_snapshots_are_shown_in_the_admin_for_looking_only(server, clock, rf, django_user_model):
    from django.contrib import admin

    issuers.first_fetch(server.jwks_uri, outbound=outbound.pools())
    shown = admin.site._registry[RemoteDocument]
    request = rf.get("/admin/")
    request.user = django_user_model(is_staff=True, is_superuser=True)
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert str(RemoteDocument.objects.get()) == f"keys of {server.jwks_uri}"


def test_the_version_of_keys_asks_nobody_and_changes_with_the_keys(server, clock):
    keys = issuers.keys(server.jwks_uri, outbound=outbound.pools())
    assert keys.version() == 0.0
    assert server.count() == 0
    keys.find("RS256", "key-1")
    first = keys.version()
    assert first > 0
    clock.offset += 400
    assert keys.version() == first
    assert server.count() == 1
    keys.find("RS256", "key-1")
    assert keys.version() > first


def test_the_keys_of_an_issuer_without_a_login_are_found(server):
    path = "/.well-known/openid-configuration"
    server.documents[path] = {"issuer": server.issuer.url, "jwks_uri": server.jwks_uri}
    assert issuers.jwks_uri(server.issuer.url, outbound=outbound.pools()) == server.jwks_uri
    with pytest.raises(MetadataRefused, match="authorization_endpoint"):
        issuers.metadata(server.issuer.url, outbound=outbound.pools())


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"issuer": "https://another.example"}, "another.example"),
        ({}, "no jwks_uri"),
        ({"jwks_uri": 1}, "no jwks_uri"),
        ({"jwks_uri": "http://127.0.0.1:1/keys"}, "POOL_PRIVATE_ORIGINS"),
    ],
)
def test_an_issuer_without_keys_that_may_be_asked_is_refused(server, document, reason):
    server.documents["/.well-known/openid-configuration"] = {"issuer": server.issuer.url, **document}
    with pytest.raises(MetadataRefused, match=reason):
        issuers.jwks_uri(server.issuer.url, outbound=outbound.pools())
