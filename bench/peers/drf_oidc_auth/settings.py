"""drf-oidc-auth: ID tokens of one issuer, and the user with that subject."""

from bench.peers.base import *  # noqa: F403

ROOT_URLCONF = "bench.peers.drf_oidc_auth.urls"
OIDC_AUTH = {
    "OIDC_ENDPOINT": ISSUER,  # noqa: F405
    "OIDC_CLAIMS_OPTIONS": {"aud": {"essential": True, "values": [CLIENT_ID]}},  # noqa: F405
    # It refuses tokens older than its leeway, and a run takes its time.
    "OIDC_LEEWAY": 24 * 3600,
    "JWT_AUTH_HEADER_PREFIX": "Bearer",
    "BEARER_AUTH_HEADER_PREFIX": "Opaque",
}
