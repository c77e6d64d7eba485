"""RSA keys that can be factored because of who made them: ROCA (CVE-2017-15361).

Certain smart cards and TPMs built their primes as k * M + (65537^a mod M), M being the product of the first primes.
Such a modulus is a power of 65537 modulo each of those primes, and its private key can be computed from it. A provider
that keeps its signing key in such a chip publishes, in effect, its private key.
"""


def _powers(prime: int) -> frozenset[int]:
    """The residues that 65537 generates modulo this prime."""
    found, power = set(), 1
    while power not in found:
        found.add(power)
        power = power * 65537 % prime
    return frozenset(found)


_PRIMES = (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)
# The primes up to 167 of which 65537 does not generate every residue. One sound key in 240 million looks alike.
_RESIDUES = {prime: _powers(prime) for prime in _PRIMES}


def is_roca(modulus: int) -> bool:
    """Whether this RSA modulus has the fingerprint of such a key. Says nothing about any other weakness."""
    return all(modulus % prime in residues for prime, residues in _RESIDUES.items())
