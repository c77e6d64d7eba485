"""An organization brings its own users: pool, client, and calls with the ID tokens its provider issues."""

from typing import Any

from demo import token
from demo.surroundings import VAR
from demo.tour.story import Story, Unexpected, check

KEY_FILE = VAR / "demo-api-key"


def tell(story: Story) -> None:
    story.chapter("An organization with users of its own")
    key = _key()
    pool = _pool(story, key)
    client = _client(story, key, pool["id"])
    _calls(story, client["id"])
    _explained(story, key, client["id"])
    _hosted(story, key)


def _key() -> str:
    if not KEY_FILE.exists():
        raise Unexpected("There is no API key in var/demo-api-key: `make run` puts one there for its own database.")
    return KEY_FILE.read_text(encoding="ascii").strip()


def _pool(story: Story, key: str) -> dict[str, Any]:
    issuer = story.around.issuer
    body = {
        "name": "The tour's users",
        "description": "People of the demo provider",
        "authorization": {"jwksUri": f"{issuer}/.well-known/jwks.json", "issuer": issuer, "audience": token.CLIENT_ID},
    }
    story.call("POST", "/org/userPool", body=body, expect=401, code="not_authenticated")
    pool = story.call("POST", "/org/userPool", body=body, bearer=key, expect=201)
    check(pool["authorization"]["idClaim"] == "sub", f"The id claim is {pool['authorization']['idClaim']}.")
    check(pool["warnings"] == [], f"Warnings: {pool['warnings']}")
    story.step("Make a user pool from the provider's JWKS URL.", f"Pool {pool['id']}; people are known by `sub`.")
    return pool


def _client(story: Story, key: str, pool: str) -> dict[str, Any]:
    body = {"name": "The tour's application", "kind": {"application": {"userPoolId": pool}}}
    client = story.call("POST", "/org/sdkClient", body=body, bearer=key, expect=201)
    check(client["auth"] == {"type": "userPool", "userPoolId": pool}, f"auth is {client['auth']}.")
    story.step("Make an SDK client for it.", f"Client {client['id']}.")
    return client


def _calls(story: Story, client: str) -> None:
    named = {"X-Client-Id": client}
    id_token = token.obtain(story.around.issuer, "person@example.org")["id_token"]
    me = story.call("GET", "/app/me", bearer=id_token, headers=named, expect=200)
    story.step("Call /app/me with an ID token that the provider gave Demo Person.", f"{me['appUserId']} is {me['id']}.")
    again = story.call("GET", f"/app/authorize/{client}", bearer=id_token, expect=204)
    check(again == {}, "The answer to a proxy has a body.")
    story.step("Ask as a proxy does, for the same token.", "204: let it through.")
    signed, _, signature = id_token.rpartition(".")
    forged = f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    story.call("GET", "/app/me", bearer=forged, headers=named, expect=401, code="bad_signature")
    story.step("Change one letter of its signature.", "Refused: bad_signature.")
    other = token.obtain(
        story.around.issuer,
        "person@example.org",
        client_id="another-app",
        redirect_uri="http://127.0.0.1/another",
    )["id_token"]
    story.call("GET", "/app/me", bearer=other, headers=named, expect=401, code="wrong_audience")
    story.step("Use a token that the same provider issued to another application.", "Refused: wrong_audience.")
    stranger = {"X-Client-Id": "00000000-0000-4000-8000-000000000000"}
    story.call("GET", "/app/me", bearer=id_token, headers=stranger, expect=401, code="unknown_client")
    story.step("Name a client that does not exist.", "Refused: unknown_client.")


def _explained(story: Story, key: str, client: str) -> None:
    id_token = token.obtain(story.around.issuer, "person@example.org")["id_token"]
    body = {"token": id_token, "clientId": client, "explain": True}
    verdict = story.call("POST", "/org/verifyToken", body=body, bearer=key, expect=200)
    check(verdict["active"] is True, f"The token is refused: {verdict}")
    story.step("Have the token explained.", f"Active; {len(verdict['steps'])} steps, each with what was looked at.")


def _hosted(story: Story, key: str) -> None:
    pool = story.call("POST", "/org/userPool", body={"name": "The tour's hosted users"}, bearer=key, expect=201)
    body = {"userPoolId": pool["id"], "appUserId": "customer-42"}
    issued = story.call("POST", "/org/appUserIdToken", body=body, bearer=key, expect=201)["appUserIdToken"]
    me = story.call("GET", "/app/me", bearer=issued, expect=200)
    check(me["appUserId"] == "customer-42", f"/app/me tells {me['appUserId']}.")
    story.step("Make a hosted pool and let Fairlead issue a token for customer-42.", f"Accepted; {me['id']}.")
    story.call("POST", "/org/appUserIdToken/revoke", body=body, bearer=key, expect=204)
    story.step("Revoke the tokens of customer-42.", "Done: refused everywhere within half a minute.")
