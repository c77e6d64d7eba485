"""An ID token of the demo provider for an organization's own application: `python -m demo.token person@example.org`.

Takes the way any application would: authorization code with PKCE, as the public client `fairlead-demo-app`.
"""

import argparse
import base64
import hashlib
import secrets
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from demo import running
from demo.surroundings import SurroundingsError
from demo.walk import WalkError, sign_in

CLIENT_ID = "fairlead-demo-app"
REDIRECT_URI = "http://127.0.0.1/demo-app"
_TIMEOUT = 20


def obtain(
    issuer: str,
    email: str,
    *,
    client_id: str = CLIENT_ID,
    client_secret: str = "",
    redirect_uri: str = REDIRECT_URI,
    nonce: str | None = None,
) -> dict[str, str]:
    """The provider's token answer for this demo person: `id_token`, `access_token` and the rest."""
    metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=_TIMEOUT).json()
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": secrets.token_urlsafe(16),
        "nonce": nonce or secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    callback = sign_in(f"{metadata['authorization_endpoint']}?{urlencode(asked)}", {"person": email})
    answer = parse_qs(urlsplit(callback).query)
    if "code" not in answer:
        raise WalkError(f"The provider refused: {answer.get('error', ['no code'])[0]}.")
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": redirect_uri,
        "client_id": client_id,
        "code_verifier": verifier,
    }
    if client_secret:
        form["client_secret"] = client_secret
    tokens = requests.post(metadata["token_endpoint"], data=form, timeout=_TIMEOUT)
    if not tokens.ok:
        raise WalkError(f"The token endpoint answered {tokens.status_code}.")
    return dict(tokens.json())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.token", description="Prints an ID token of a demo person.")
    parser.add_argument("person", nargs="?", default="person@example.org", help="e-mail address of a demo person")
    parser.add_argument("--client", default=CLIENT_ID, help="client the token is for (its audience)")
    parser.add_argument("--redirect-uri", default=REDIRECT_URI, help=argparse.SUPPRESS)
    parser.add_argument("--issuer", default="", help="default: the demo provider of the running `make run`")
    chosen = parser.parse_args()
    issuer = chosen.issuer
    try:
        issuer = issuer or running.find().issuer
        tokens = obtain(issuer, chosen.person, client_id=chosen.client, redirect_uri=chosen.redirect_uri)
    except (SurroundingsError, WalkError) as error:
        print(f"No token. {error}", file=sys.stderr)
        return 1
    except requests.ConnectionError:
        print(f"No token. Nothing answers at {issuer}: is `make run` running?", file=sys.stderr)
        return 1
    print(tokens["id_token"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
