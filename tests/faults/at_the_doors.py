"""Faults of organizations and their apps: tokens, clients, API keys, pools."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from fairlead.credentials import secrets
from fairlead.orgs import api_keys, organizations
from fairlead.orgs.models import ApiKey, Membership
from sdkclients.models import SdkClient
from tests.configure import configure
from tests.faults.stage import Stage, Told
from tests.issuer import Signer, b64
from tests.tenants import NOBODY, as_user
from userpools.models import AppUser, UserPool

Plant = Callable[[Stage], Told]


def claims(**changed: Any) -> Plant:
    return lambda stage: stage.me(**changed)


def pool(claims_: dict[str, Any] | None = None, **authorization: Any) -> Plant:
    """A pool that says this, and a good token."""

    def plant(stage: Stage) -> Told:
        stage.pool(**authorization)
        return stage.me(**claims_ or {})

    return plant


def token(make: Callable[[Stage], str]) -> Plant:
    return lambda stage: stage.me(make(stage))


def header(**members: Any) -> Plant:
    return token(lambda stage: stage.keys.issuer.signer.token(stage.keys.issuer.claims(), **members))


def other_kid(stage: Stage) -> Told:
    return stage.me(signer=Signer("ES256", kid="key-2"))


def other_key_of_that_kid(stage: Stage) -> Told:
    return stage.me(signer=Signer("ES256"))


def encryption_only(stage: Stage) -> Told:
    stage.pool()
    good = stage.keys.issuer.signer.jwk(use="enc")
    UserPool.objects.update(jwks_uri=f"{stage.keys.origin}/enc")
    stage.keys.documents["/enc"] = {"keys": [good]}
    return stage.me()


def no_kid_and_two_keys(stage: Stage) -> Told:
    stage.keys.issuer.signers.append(Signer("ES256", kid="key-2"))
    return header(kid=None)(stage)


def keys_are_away(stage: Stage) -> Told:
    stage.pool()
    stage.keys.status = 503
    UserPool.objects.update(jwks_uri=f"{stage.keys.origin}/other")
    return stage.me()


def hs256(stage: Stage) -> str:
    import jwt

    return jwt.encode(stage.keys.issuer.claims(), "a secret that both sides know, long enough", algorithm="HS256")


def client_deleted(stage: Stage) -> Told:
    stage.pool()
    SdkClient.objects.all().delete()
    return stage.me()


def as_client(client_id: str | None) -> Plant:
    def plant(stage: Stage) -> Told:
        stage.pool()
        return stage.answered(as_user(stage.tenant.client, stage.keys.issuer.token(), client_id))

    return plant


def token_of_another_pool(stage: Stage) -> Told:
    hosted = stage.tenant.pool(None)
    body = {"userPoolId": hosted["id"], "appUserId": "u"}
    raw = stage.tenant.made("/org/appUserIdToken", body)["appUserIdToken"]
    return stage.me(raw)


def pool_of_a_token_deleted(stage: Stage) -> Told:
    hosted = stage.tenant.pool(None)
    raw = stage.tenant.made("/org/appUserIdToken", {"userPoolId": hosted["id"], "appUserId": "u"})["appUserIdToken"]
    UserPool.objects.all().delete()
    return stage.answered(as_user(stage.tenant.client, raw))


def seen(**changed: Any) -> Plant:
    """Somebody who was here before, changed in the record."""

    def plant(stage: Stage) -> Told:
        stage.pool()
        good = stage.keys.issuer.token()
        assert as_user(stage.tenant.client, good, stage.made["client"]).status_code == 200
        AppUser.objects.update(**{name: timezone.now() + timedelta(seconds=5) for name in changed})
        from fairlead import memory

        memory.forget_everything()
        return stage.me(good)

    return plant


def key(change: Callable[[Stage], object]) -> Plant:
    def plant(stage: Stage) -> Told:
        change(stage)
        return stage.call("GET", "/org/userPool")

    return plant


def raw_key(text: str) -> Plant:
    return key(lambda stage: setattr(stage.tenant, "raw_key", text))


def call(method: str, path: str, body: Any = None, **headers: str) -> Plant:
    return lambda stage: stage.call(method, path, body, **headers)


def no_header(stage: Stage) -> Told:
    return stage.answered(stage.tenant.client.get("/org/userPool"))


def read_only(stage: Stage) -> Told:
    user = User.objects.create_user("reader@example.org")
    Membership.objects.create(organization=stage.tenant.organization, user=user, role="read-only")
    return stage.answered(
        stage.tenant.client.post(
            "/org/userPool", {"name": "x"}, content_type="application/json", headers={"X-Person": str(user.pk)}
        )
    )


def of_two_organizations(stage: Stage) -> Told:
    user = User.objects.create_user("both@example.org")
    for organization in (stage.tenant.organization, organizations.create("Second")):
        Membership.objects.create(organization=organization, user=user, role="admin")
    return stage.answered(stage.tenant.client.get("/org/userPool", headers={"X-Person": str(user.pk)}))


def of_another_organization(stage: Stage) -> Told:
    user = User.objects.create_user("one@example.org")
    Membership.objects.create(organization=stage.tenant.organization, user=user, role="admin")
    headers = {"X-Person": str(user.pk), "X-Organization-Id": NOBODY}
    return stage.answered(stage.tenant.client.get("/org/userPool", headers=headers))


def trusting(**authorization: Any) -> Plant:
    """Making a pool that trusts this."""
    return lambda stage: stage.call("POST", "/org/userPool", {"name": "Customers", "authorization": authorization})


def private(stage: Stage) -> Told:
    configure(stage.settings, POOL_PRIVATE_ORIGINS=())
    return trusting(jwksUri="https://10.0.0.8/keys", issuer="https://a.example", audience="a")(stage)


def in_use(stage: Stage) -> Told:
    stage.pool()
    return stage.call("DELETE", f"/org/userPool/{stage.made['pool']['id']}")


def not_hosted(stage: Stage) -> Told:
    stage.pool()
    body = {"userPoolId": stage.made["pool"]["id"], "appUserId": "u"}
    return stage.call("POST", "/org/appUserIdToken", body)


def throttled(stage: Stage) -> Told:
    stage.configure(RATE_LIMITS=True, RATE_LIMIT_APP_USER_ID_TOKEN="1/3600")
    body = {"userPoolId": stage.tenant.pool(None)["id"], "appUserId": "u"}
    stage.tenant.made("/org/appUserIdToken", body)
    return stage.call("POST", "/org/appUserIdToken", body)


FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {
    # Tokens
    "token expired": (claims(exp=1_700_000_000), ("fresh", "clock")),
    "token with exp in milliseconds": (claims(exp=1_900_000_000_000), ("milliseconds", "in seconds")),
    "token with iat in milliseconds": (claims(iat=1_700_000_000_000), ("milliseconds",)),
    "token from the future": (claims(iat=4_000_000_000, exp=4_000_000_600), ("clock",)),
    "token of another app": (claims(aud="another"), ("audience of the pool", "client id")),
    "token of several apps": (claims(aud=["another", "third"]), ("audience of the pool",)),
    "token issued to another party": (claims(aud=["client-1", "x"], azp="x"), ("azp", "audience of the pool")),
    "token without aud": (claims(aud=None), ("audience of the pool",)),
    "token of another issuer": (claims(iss="https://else.example"), ("issuer of the pool", "last slash")),
    "token without sub": (claims(sub=None), ("idClaim",)),
    "claim of the id missing": (pool(idClaim="employee"), ("employee", "idClaim")),
    "claim of the id is an object": (claims(sub={"a": 1}), ("sub",)),
    "address not verified": (pool({"email": "a@example.org"}, idClaim="email"), ("email_verified: true", "sub")),
    "access token": (header(typ="at+jwt"), ("ID token",)),
    "logout token": (claims(events={"x": {}}), ("ID token", "logout token")),
    "algorithm that the pool does not list": (pool(algorithms=["RS256"]), ("algorithms of the pool", "RS256")),
    "signed with a shared secret": (token(hs256), ("algorithms of the pool",)),
    "unsigned": (token(lambda stage: ".".join((b64(b'{"alg":"none"}'), b64(b"{}"), ""))), ("as the issuer returned it",)),
    "kid that is not published": (other_kid, ("jwksUri of the pool", "kid")),
    "key that is not published": (other_key_of_that_kid, ("jwksUri of the pool",)),
    "keys for encryption only": (encryption_only, ("jwksUri of the pool", "signs")),
    "no kid and two keys": (no_kid_and_two_keys, ("kid", "issuer")),
    "encrypted token": (token(lambda stage: "a.b.c.d.e"), ("encrypt",)),
    "opaque token": (token(lambda stage: "opaque"), ("not a JWT", "ID token")),
    "token that is too large": (claims(groups=["group"] * 3000), ("leave claims out",)),
    "keys that are away": (keys_are_away, ("manage.py doctor --pool", "issuer")),
    "user blocked": (seen(blocked_at=1), ("unblock",)),
    "tokens revoked": (seen(tokens_valid_after=1), ("fresh",)),
    # Clients
    "no bearer": (lambda stage: stage.answered(stage.tenant.client.get("/app/me")), ("Authorization", "proxy")),
    "client id mistyped": (as_client(NOBODY), ("list of clients",)),
    "client id missing": (as_client(None), ("X-Client-Id",)),
    "client deleted": (client_deleted, ("list of clients",)),
    "token of another pool": (token_of_another_pool, ("issuer of the pool",)),
    "pool of the token deleted": (pool_of_a_token_deleted, ("X-Client-Id",)),
    # API keys
    "key revoked": (key(lambda stage: api_keys.revoke(ApiKey.objects.get())), ("make another",)),
    "key expired": (
        key(lambda stage: ApiKey.objects.update(expires_at=timezone.now() - timedelta(days=1))), ("use the new one",),
    ),
    "key of another installation": (raw_key(secrets.mint("flk").plaintext), ("another installation",)),
    "key cut off": (raw_key("flk_cut-off-somewhere"), ("Copy it again",)),
    "organization disabled": (
        key(lambda stage: organizations.disable(stage.tenant.organization)), ("whoever runs the service",),
    ),
    "no key": (no_header, ("Authorization", "proxy")),
    "reader who writes": (read_only, ("another role",)),
    "member of two": (of_two_organizations, ("X-Organization-Id",)),
    "member of another": (of_another_organization, ("Organizations in the admin",)),
    # Calls
    "body that is no JSON": (call("POST", "/org/userPool", "{"), ("JSON object",)),
    "member that there is not": (call("POST", "/org/userPool", {"nmae": "x"}), ("nmae", "errors")),
    "pool of another": (call("GET", f"/org/userPool/{NOBODY}"), ("compares it with the list",)),
    "wrong method": (call("PUT", "/org/userPool"), ("Allow",)),
    "key that makes keys": (
        call("POST", "/org/sdkClient", {"name": "Back", "kind": {"service": {}}}), ("signed in as a person",),
    ),
    "pool without anything to trust": (trusting(idClaim="sub"), ("jwksUri",)),
    "pool with http keys": (trusting(jwksUri="http://a.example/keys"), ("jwksUri", "https")),
    "pool with a private address": (private, ("POOL_PRIVATE_ORIGINS= (", "jwksUri")),
    "pool with a variable": (trusting(jwksUri="https://a.example/k", issuer="$ISSUER"), ("issuer", "variable")),
    "pool of shared keys": (
        trusting(jwksUri="https://www.googleapis.com/oauth2/v3/certs"), ("issuer and audience", "organization"),
    ),
    "pool that clients use": (in_use, ("deletes them first",)),
    "tokens of a pool with its own issuer": (not_hosted, ("issuer of its own",)),
    "tokens too often": (throttled, ("RATE_LIMIT_APP_USER_ID_TOKEN=1/3600 (",)),
}  # fmt: skip
