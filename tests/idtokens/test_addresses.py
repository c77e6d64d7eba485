"""Which literal addresses are public, and which URLs may be called at all."""

import pytest

from fairlead.idtokens import destinations
from fairlead.idtokens.addresses import is_public
from fairlead.idtokens.errors import FetchRefused

INTERNAL = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::5efe:7f00:1",
    "2606:4700:0:0:200:5efe:a00:1",
    "4000::1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "1.2.3",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "193.0.0.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"]


@pytest.mark.parametrize("address", INTERNAL)
def test_internal_and_odd_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are_public(address):
    assert is_public(address)


def checked(url, *private):
    return destinations.check(url, private_origins=frozenset(private), setting="OIDC_PRIVATE_ORIGINS")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "issuer.example",
        "//issuer.example/",
        "http://issuer.example/",
        "ftp://issuer.example/",
        "file:///etc/passwd",
        "gopher://issuer.example/",
        "https://",
        "https:///keys",
        "https://user@issuer.example/",
        "https://user:secret@issuer.example/",
        "https://issuer.example@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://999.1.1.1/",
        "https://issuer.example:22/",
        "https://issuer.example:80/",
        "https://issuer.example:0/",
        "https://issuer.example:/",
        "https://issuer.example:99999/",
        "https://issuer.example:x/",
        "https://issuer.example/#fragment",
        "https://issuer.example/a b",
        "https://issuer.example\\@127.0.0.1/",
        "https://issuer.example/\r\nHost: x",
        "https://issuer.example\t/",
        " https://issuer.example/",
        "https://issuer%2eexample/",
        "https://\u0131ssuer.example/",
        "https://issuer\u3002example/",
        "https://-issuer.example/",
        "https://a..example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 200 + "example/",
        "https://issuer.example/" + "a" * 3000,
        "$ANON_JWKS_PUBLIC_URL",
        "http://localhost:9000.evil.example/",
    ],
)
def test_a_url_that_is_not_plainly_https_to_a_public_host_is_refused(url):
    with pytest.raises(FetchRefused):
        checked(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example/",
        "https://issuer.example",
        "https://issuer.example:8443/realms/a/certs?x=%20y",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "HTTPS://Issuer.Example/",
    ],
)
def test_an_ordinary_https_url_is_accepted_as_not_private(url):
    assert not checked(url, "http://localhost:9000").private


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://localhost:9000/o/jwks", "http://localhost:9000"),
        ("http://LOCALHOST:9000/o/jwks", "http://localhost:9000"),
        ("https://keycloak.internal/certs", "https://keycloak.internal"),
        ("https://keycloak.internal:443/certs", "https://keycloak.internal"),
        ("http://10.0.0.7:80/certs", "http://10.0.0.7"),
        ("http://[::1]:9000/certs", "http://[::1]:9000"),
    ],
)
def test_a_listed_origin_is_private_and_allowed(url, allowed):
    assert checked(url, allowed).private


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://localhost:9001/",
        "http://localhost.:9000/",
        "http://127.0.0.1:9000/",
        "http://user@localhost:9000/",
    ],
)
def test_an_origin_that_only_resembles_a_listed_one_is_refused(url):
    with pytest.raises(FetchRefused):
        checked(url, "http://localhost:9000")


def test_the_refusal_names_the_setting_that_would_allow_the_origin():
    with pytest.raises(FetchRefused, match=r"list exactly this origin in OIDC_PRIVATE_ORIGINS"):
        checked("http://keycloak.internal/certs")
