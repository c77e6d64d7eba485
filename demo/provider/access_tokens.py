"""What an access token looks like: opaque, or for some clients a signed JWT, as many providers issue them.

The JWT says that it is for Fairlead, whichever client it was issued to: an `aud` alone proves nothing to Fairlead.
"""

import json
import secrets
import time
from typing import Any

from django.conf import settings
from jwcrypto.jwt import JWT
from oauthlib.common import generate_token

from demo.provider.clients import ANOTHER_JWT, CONFIDENTIAL, MOBILE_JWT


def generate(request: Any) -> str:
    """Called by the toolkit with the token request, once the code was found good."""
    if request.client.client_id not in {MOBILE_JWT, ANOTHER_JWT}:
        return str(generate_token())
    now = int(time.time())
    claims = {
        "iss": settings.ISSUER,
        "sub": str(request.user.pk),
        "aud": CONFIDENTIAL,
        "azp": request.client.client_id,
        "iat": now,
        "exp": now + request.expires_in,
        "jti": secrets.token_urlsafe(16),
    }
    key = request.client.jwk_key
    token = JWT(
        header=json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": key.thumbprint()}), claims=json.dumps(claims)
    )
    token.make_signed_token(key)
    return str(token.serialize())


def generate_refresh_token(request: Any) -> str:
    return str(generate_token())
