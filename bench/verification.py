"""T1, T2: checking one token, over the bare signature; the same token again."""

import time
from functools import partial
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bench.results import Row
from bench.timing import Case, best
from fairlead.idtokens import compact, keys
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.issuer import Issuer, Signer
from userpools import verified_tokens

_LIMITS = {"RS256": (1.9, 1.6), "ES256": (1.35, 1.25), "EdDSA": (1.25, 1.15)}
# About 950 characters with RS256, as the ID tokens of the large providers are.
PERSON = {
    "email": "person.of.the.demo@customer.example.org",
    "email_verified": True,
    "name": "Demo Person",
    "given_name": "Demo",
    "family_name": "Person",
    "picture": "https://pictures.example.org/profiles/1f8a6b1e-7c1c-4f5e-9f3c-0a2b4c6d8e0f/large.webp",
    "locale": "en",
    "sid": "0f0f2f8e-44a1-4b0a-9d8f-6a1f3f6a4b7c",
    "nonce": "n-0S6_WzA2Mj-9f8b7c6d5e4f3a2b1c0d",
}


def measure() -> list[Row]:
    rows: list[Row] = []
    for algorithm, (must, wanted) in _LIMITS.items():
        times = best(_cases(algorithm), rounds=250)
        raw = times["raw"]
        rows += [
            Row(target="T1", what=f"verify {algorithm} / signature", measured=times["ours"] / raw, unit="x",
                must=must, best=wanted, floor=1),
            Row(target="T1", what=f"  peer: PyJWT {algorithm} / signature", measured=times["pyjwt"] / raw, unit="x"),
            Row(target="T1", what=f"  the bare {algorithm} signature", measured=raw * 1e6, unit="us"),
        ]  # fmt: skip
        if algorithm == "RS256":
            again = times["again"] * 1e6
            rows.append(Row(target="T2", what="the same token again", measured=again, unit="us", must=3, best=1.5))
    return sorted(rows, key=lambda row: row.target)


def _cases(algorithm: str) -> dict[str, Case]:
    signer = Signer(algorithm)
    issuer = Issuer("https://issuer.example", signer)
    raw_token = issuer.token(**PERSON)
    policy = Policy.for_pool(algorithms=[algorithm], issuer=issuer.url, audiences=["client-1"])
    keyset, now = keys.parse(issuer.jwks()), time.time()
    check = partial(verify, raw_token, policy=policy, keys=keyset, now=now)
    public = signer.key.public_key()
    peer = partial(
        jwt.decode, raw_token, public, algorithms=[algorithm], audience="client-1", issuer=issuer.url, leeway=60
    )
    again = partial(verified_tokens.once, raw_token, namespace="pool 1", now=now, verify=check)
    return {
        "raw": Case(call=_bare(algorithm, public, raw_token)),
        "ours": Case(call=check),
        "pyjwt": Case(call=peer),
        "again": Case(call=again, times=200),
    }


def _bare(algorithm: str, public: Any, raw_token: str) -> Any:
    """The library's own check with everything prepared that can be."""
    token = compact.parse(raw_token)
    if algorithm == "RS256":
        return partial(public.verify, token.signature, token.signing_input, padding.PKCS1v15(), hashes.SHA256())
    if algorithm == "EdDSA":
        return partial(public.verify, token.signature, token.signing_input)
    half = len(token.signature) // 2
    r, s = int.from_bytes(token.signature[:half]), int.from_bytes(token.signature[half:])
    return partial(public.verify, encode_dss_signature(r, s), token.signing_input, ec.ECDSA(hashes.SHA256()))
