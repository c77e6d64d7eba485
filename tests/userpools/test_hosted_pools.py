from datetime import timedelta
from io import StringIO
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from fairlead import memory
from fairlead.idtokens.errors import TokenRefused
from fairlead.orgs import organizations
from tests.configure import configure
from tests.tenants import NOBODY, Tenant, alike, refused
from userpools import app_users, id_tokens, pools, signing_keys
from userpools.models import AppUser, PoolSigningKey, UserPool

pytestmark = pytest.mark.django_db
KEYS = "/pools/{}/.well-known/jwks.json"
DISCOVERY = "/pools/{}/.well-known/openid-configuration"


def issue(pool: UserPool, user: str = "user-1", seconds: int = 600) -> str:
    return id_tokens.issue(pool, app_user_id=user, expires_at=int(timezone.now().timestamp()) + seconds)


def code_of(pool: UserPool, token: str) -> str | None:
    try:
        pools.identify(pool, token, now=timezone.now())
    except TokenRefused as refusal:
        return str(refusal.code)
    return None


@pytest.fixture
def pool(tenant: Tenant) -> UserPool:
    return UserPool.objects.get(pk=tenant.pool()["id"])


@pytest.mark.parametrize(("behind", "code"), [(9, None), (12, "not_yet_valid")])
def test_a_machine_whose_clock_is_a_little_behind_takes_what_another_has_just_issued(
    pool: UserPool, behind: int, code: str | None
) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=behind), tick=False):
        token = issue(pool)
    assert code_of(pool, token) == code


def test_anyone_verifies_its_tokens_with_the_published_documents(tenant: Tenant, pool: UserPool) -> None:
    discovery = tenant.client.get(DISCOVERY.format(pool.pk))
    assert discovery.json()["issuer"] == f"http://testserver/pools/{pool.pk}"
    published = tenant.client.get(discovery.json()["jwks_uri"].removeprefix("http://testserver"))
    for answer in (discovery, published):
        assert answer["Cache-Control"] == "public, max-age=300"
        assert answer["Content-Type"].startswith("application/json")
    (key,) = published.json()["keys"]
    assert "d" not in key
    token = issue(pool)
    claims = jwt.decode(
        token, jwt.PyJWK(key), algorithms=["ES256"], audience=str(pool.pk), issuer=discovery.json()["issuer"]
    )
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "jti"}
    assert claims["sub"] == "user-1"
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "typ": "JWT", "kid": key["kid"]}


def test_its_private_key_is_not_readable_in_the_database(pool: UserPool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT private_pem FROM userpools_poolsigningkey")
        stored = cursor.fetchone()[0]
    assert "PRIVATE" not in stored
    assert stored.startswith("gAAAA")


def test_what_publishes_nothing_is_the_same_404(tenant: Tenant, keys: Any) -> None:
    own = tenant.pool({"jwksUri": keys.jwks_uri})["id"]
    disabled = UserPool.objects.get(pk=tenant.pool()["id"])
    assert tenant.client.get(KEYS.format(disabled.pk)).status_code == 200
    organizations.disable(tenant.organization)
    for form in (KEYS, DISCOVERY):
        answers = [tenant.client.get(form.format(each)) for each in (NOBODY, own, disabled.pk, "nonsense")]
        for answer in answers:
            refused(answer, 404, "not_found")
            alike(answers[0], answer)


def test_a_token_identifies_its_user_in_its_pool_alone(tenant: Tenant, pool: UserPool) -> None:
    token = issue(pool)
    found = pools.identify(pool, token, now=timezone.now())
    assert (found.user.external_id, found.user.pool_id) == ("user-1", pool.pk)
    second = UserPool.objects.get(pk=tenant.pool()["id"])
    assert code_of(second, token) == "wrong_issuer"


def test_a_token_ends_in_its_very_second_without_leeway(pool: UserPool) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        token = issue(pool, seconds=60)
        clock.shift(59)
        assert code_of(pool, token) is None
        clock.shift(1)
        assert code_of(pool, token) == "expired"


def test_revoking_refuses_every_token_up_to_and_in_this_second_and_none_later(pool: UserPool) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        early = issue(pool)
        clock.shift(10.5)
        same_second = issue(pool)
        bystander = issue(pool, "user-2")
        assert code_of(pool, early) is None
        app_users.revoke_tokens(app_users.made(pool, "user-1"))
        after = issue(pool)
        assert code_of(pool, early) == "revoked"
        assert code_of(pool, same_second) == "revoked"
        assert code_of(pool, after) is None
        assert code_of(pool, bystander) is None
        clock.shift(5)
        assert code_of(pool, early) == "revoked"
        assert code_of(pool, issue(pool)) is None


def test_revoking_somebody_who_never_called_counts_too(tenant: Tenant, pool: UserPool) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        token = issue(pool)
        body = {"userPoolId": str(pool.pk), "appUserId": "user-1"}
        assert tenant.call("POST", "/org/appUserIdToken/revoke", body).status_code == 204
        assert code_of(pool, token) == "revoked"
    assert AppUser.objects.get().external_id == "user-1"


def test_rotation_publishes_the_next_key_before_it_signs_and_the_old_one_until_its_last_token_ends(
    pool: UserPool,
) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        (old,) = (key["kid"] for key in signing_keys.published(pool.pk, now=timezone.now()))
        first = issue(pool, seconds=180 * 86400)
        call_command("rotate_pool_keys", stdout=StringIO(), stderr=StringIO())
        kids = [key["kid"] for key in signing_keys.published(pool.pk, now=timezone.now())]
        assert kids[1:] == [old]
        assert jwt.get_unverified_header(issue(pool))["kid"] == old
        clock.shift(3599)
        last = issue(pool, seconds=180 * 86400)
        assert jwt.get_unverified_header(last)["kid"] == old
        clock.shift(1)
        memory.forget_everything()
        second = issue(pool)
        assert jwt.get_unverified_header(second)["kid"] == kids[0]
        assert code_of(pool, first) is None
        assert code_of(pool, second) is None
        clock.shift(180 * 86400 - 2)
        assert code_of(pool, last) is None
        clock.shift(2)
        assert code_of(pool, last) == "expired"
        assert [key["kid"] for key in signing_keys.published(pool.pk, now=timezone.now())] == [kids[0]]
        signing_keys.forget_ended(timezone.now())
        assert PoolSigningKey.objects.get().kid == kids[0]


def test_rotating_again_while_a_key_waits_makes_no_other(pool: UserPool) -> None:
    waiting = signing_keys.rotate(pool)
    assert signing_keys.rotate(pool) == waiting
    assert PoolSigningKey.objects.filter(pool=pool).count() == 2


def test_the_command_names_pools_ages_and_refuses_a_lead_that_caches_outlive(tenant: Tenant, pool: UserPool) -> None:
    second = UserPool.objects.get(pk=tenant.pool()["id"])
    quiet: dict[str, Any] = {"stdout": StringIO(), "stderr": StringIO()}
    call_command("rotate_pool_keys", str(second.pk), **quiet)
    assert (pool.signing_keys.count(), second.signing_keys.count()) == (1, 2)
    call_command("rotate_pool_keys", "--older-than-days", "30", **quiet)
    assert pool.signing_keys.count() == 1
    PoolSigningKey.objects.filter(pool=pool).update(created_at=timezone.now() - timedelta(days=31))
    call_command("rotate_pool_keys", "--older-than-days", "30", **quiet)
    assert (pool.signing_keys.count(), second.signing_keys.count()) == (2, 2)
    with pytest.raises(CommandError, match="310"):
        call_command("rotate_pool_keys", "--lead-seconds", "10", **quiet)
    with pytest.raises(CommandError, match="no hosted pool"):
        call_command("rotate_pool_keys", NOBODY, **quiet)


@pytest.mark.parametrize("behind", [3, 300])
def test_a_machine_whose_clock_is_behind_issues_at_once(tenant: Tenant, behind: int) -> None:
    pool_id = tenant.pool()["id"]
    with time_machine.travel(timezone.now() - timedelta(seconds=behind), tick=True):
        signing_keys.changes.changed(lambda now: now())
        issued = tenant.made("/org/appUserIdToken", {"userPoolId": pool_id, "appUserId": "user-1"})["appUserIdToken"]
    answer = tenant.client.get("/app/me", headers={"Authorization": f"Bearer {issued}"})
    assert answer.json()["appUserId"] == "user-1"


def test_where_the_encryption_key_is_lost_tokens_are_checked_and_none_issued(
    tenant: Tenant, pool: UserPool, settings: Any
) -> None:
    token = issue(pool)
    configure(settings, ENCRYPTION_KEYS=[Fernet.generate_key().decode()])
    memory.forget_everything()
    answer = tenant.client.get("/app/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["appUserId"] == "user-1"
    assert len(tenant.client.get(KEYS.format(pool.pk)).json()["keys"]) == 1
    assert tenant.call("POST", "/org/verifyToken", {"userPoolId": str(pool.pk), "token": token}).json()["active"]
    assert tenant.call("POST", f"/org/userPool/{pool.pk}/check").json()["usable"]
    refusal = tenant.call("POST", "/org/appUserIdToken", {"userPoolId": str(pool.pk), "appUserId": "user-1"})
    assert "operator" in refused(refusal, 503, "unavailable")["detail"]
    assert refusal["Retry-After"] == "60"
    # A new key is written with the key that there is now, and mends it.
    signing_keys.rotate(pool, lead=timedelta(0))
    assert code_of(pool, issue(pool)) is None
    assert code_of(pool, token) is None
    assert tenant.call("DELETE", f"/org/userPool/{pool.pk}").status_code == 204


def test_where_the_encryption_key_is_lost_the_administration_opens(
    client: Any, tenant: Tenant, pool: UserPool, settings: Any
) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    owner = get_user_model().objects.create(email="owner@example.org", is_staff=True, is_superuser=True)
    client.force_login(owner)
    configure(settings, ENCRYPTION_KEYS=[Fernet.generate_key().decode()])
    for page in ("", f"{pool.pk}/change/", f"{pool.pk}/delete/"):
        assert client.get(f"/admin/userpools/userpool/{page}").status_code == 200, page
    act = {"action": "rotate_keys", "_selected_action": [str(pool.pk)]}
    assert client.post("/admin/userpools/userpool/", act).status_code == 302
    assert PoolSigningKey.objects.filter(pool=pool).count() == 2
    assert client.post(f"/admin/userpools/userpool/{pool.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not UserPool.objects.exists()
