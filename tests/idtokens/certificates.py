"""An authority of one test, and servers' certificates of it: a good one, and each kind that must not be believed."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUR = timedelta(hours=1)
NAMES: tuple[x509.GeneralName, ...] = (x509.DNSName("localhost"),)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key; `chain` is what a server sends besides."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()


def issue(
    by: Issued | None = None,
    *,
    name: str = "localhost",
    names: tuple[x509.GeneralName, ...] = NAMES,
    since: timedelta = -HOUR,
    until: timedelta = HOUR,
    authority: bool = False,
    usage: Any = None,
) -> Issued:
    """Signed by itself where `by` is None. Times are counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names and not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return Issued(builder.sign((by.key if by else key), hashes.SHA256()), key)


def server(issued: Issued, folder: Path) -> ssl.SSLContext:
    """A server's context."""
    file = folder / f"{issued.certificate.serial_number}.pem"
    private = issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem(issued.certificate, *issued.chain) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def _by_a_leaf(authority: Issued) -> Issued:
    """A certificate that signs although nobody made it an authority."""
    leaf = issue(authority, name="leaf")
    forged = issue(leaf)
    return Issued(forged.certificate, forged.key, (leaf.certificate,))


# What a server shows, made from the authority that is trusted; None of them is to be believed.
BAD: dict[str, Callable[[Issued], Issued]] = {
    "another name": lambda authority: issue(authority, names=(x509.DNSName("other.example"),)),
    "the name of a part": lambda authority: issue(authority, names=(x509.DNSName("localhost.example"),)),
    "the name as the subject alone": lambda authority: issue(authority, names=()),
    "an address instead of the name": lambda authority: issue(authority, names=(x509.IPAddress(ip_address("127.0.0.1")),)),
    "a name for everything": lambda authority: issue(authority, names=(x509.DNSName("*"),)),
    "expired": lambda authority: issue(authority, since=-2 * HOUR, until=-HOUR),
    "not yet valid": lambda authority: issue(authority, since=HOUR, until=2 * HOUR),
    "self-signed": lambda authority: issue(),
    "of another authority": lambda authority: issue(issue(name="another", authority=True)),
    "of another authority of the same name": lambda authority: issue(issue(name="authority", authority=True)),
    "signed by a leaf": _by_a_leaf,
    "for clients": lambda authority: issue(authority, usage=ExtendedKeyUsageOID.CLIENT_AUTH),
}  # fmt: skip
