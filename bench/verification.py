"""T1, T2: checking one token, over the bare signature; the same token again."""

import time
from functools import partial
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bench import token_peers
from bench.results import Row
from bench.timing import Case, best
from fairlead.idtokens import compact, keys
from fairlead.idtokens.policy import Policy
from fairlead.idtokens.verify import verify
from tests.issuer import KeyServer, Signer
from userpools import verified_tokens

_ALGORITHMS = ("RS256", "ES256", "EdDSA")
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


def measure(*, rounds: int = 250) -> list[Row]:
    rows: list[Row] = []
    for algorithm in _ALGORITHMS:
        signer = Signer(algorithm)
        with KeyServer(signer) as server:
            times = best(_cases(signer, server), rounds=rounds)
        raw, ours, again = times.pop("raw"), times.pop("ours"), times.pop("again")
        rows.append(
            Row(
                part=f"T1.{algorithm.lower()}",
                measured=ours / raw,
                peers={name: taken / raw for name, taken in times.items()},
                note=f"the bare signature: {raw * 1e6:.1f} us",
            )
        )
        if algorithm == "RS256":
            rows.append(Row(part="T2.again", measured=again * 1e6))
    return rows


def _cases(signer: Signer, server: KeyServer) -> dict[str, Case]:
    issuer = server.issuer
    raw_token = issuer.token(**PERSON)
    policy = Policy.for_pool(algorithms=[signer.algorithm], issuer=issuer.url, audiences=[token_peers.AUDIENCE])
    keyset, now = keys.parse(issuer.jwks()), time.time()
    check = partial(verify, raw_token, policy=policy, keys=keyset, now=now)
    again = partial(verified_tokens.once, raw_token, namespace="pool 1", now=now, verify=check)
    peers = token_peers.of(signer, issuer, raw_token, server)
    return {
        "raw": Case(call=_bare(signer.algorithm, signer.key.public_key(), raw_token)),
        "ours": Case(call=check),
        "again": Case(call=again, times=200),
        **{name: Case(call=call, times=10) for name, call in peers.items()},
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
