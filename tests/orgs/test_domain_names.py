"""Which texts are names that an organization may prove, and in what form they are kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairlead import email_address
from fairlead.orgs import domain_names, public_mail_domains
from fairlead.orgs.domain_names import NameRefused

LONGEST = ".".join(["a" * 57] * 4) + "x"  # 232 characters


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("acme.org", "acme.org"),
        ("ACME.Org", "acme.org"),
        ("acme.org.", "acme.org"),
        ("eng.acme.org", "eng.acme.org"),
        ("a--b.acme.org", "a--b.acme.org"),
        ("4711.example", "4711.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("g\u043e\u043egle.com", "xn--ggle-55da.com"),
        ("straße.example", "xn--strae-oqa.example"),
        ("acme.xn--p1ai", "acme.xn--p1ai"),
        (LONGEST + "y", LONGEST + "y"),
    ],
)
def test_r19_a_name_is_kept_in_one_form(given: str, kept: str) -> None:
    assert domain_names.cleaned(given) == kept
    assert domain_names.cleaned(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", ".", "..", "org", "localhost", ".acme.org", "acme..org", "acme.org..", "acme.org. ",
        " acme.org", "acme.org\n", "acme .org", "acme\t.org", "acme.org\x00", "acme\u00a0.org", "acme\u200b.org",
        "_acme.org", "_dmarc.acme.org", "*.acme.org", "@acme.org", "a@acme.org", "acme.org:53", "acme.org/",
        "https://acme.org", "acme.org?x", "acme.org#x", "a\\032b.org", "acme,org", "acme.org;x", "'acme'.org",
        "\uff41\uff43\uff4d\uff45.org", "acme\u3002org", "acme\uff0eorg", "acme\uff61org", "BÜCHER.example", "ab--c.example",
        "-acme.org", "acme-.org", "acme.-org", "xn--a.org", "xn--bücher.org", "xn--ggle-55da0.com",
        "א1a.example", "a\u202eb.org", "\u2102.example", "acme.org\u0301", "İ.example",
        "127.0.0.1", "1.2.3.4.", "acme.123", "[::1]", "::1", "0x7f.1", "acme.1", "acme.0x7f",
        "a" * 64 + ".org", LONGEST + "yz", "x" * 5000 + ".org",
    ],
)  # fmt: skip
def test_r19_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(NameRefused):
        domain_names.cleaned(given)


@given(st.text(max_size=60))
def test_a_kept_name_is_plain_and_the_domain_of_an_address(text: str) -> None:
    try:
        name = domain_names.cleaned(text)
    except NameRefused:
        return
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name)
    assert len(name) <= 233
    assert email_address.canonical(f"person@{name}") == f"person@{name}"


def test_the_challenge_stands_under_the_name_and_says_whom_it_admits() -> None:
    assert domain_names.challenge_host("acme.org") == "_fairlead-challenge.acme.org"
    assert len(domain_names.challenge_host("a" * domain_names.MAX_LENGTH)) == 253
    value = domain_names.challenge_value(service_host="login.example.org", slug="acme", token="0" * 32)
    assert value == f"fairlead=login.example.org org=acme token={'0' * 32}"


@pytest.mark.parametrize("name", ["gmail.com", "googlemail.com", "outlook.com", "qq.com", "proton.me", "web.de"])
def test_r19_public_mail_domains_are_nobodys(name: str) -> None:
    with pytest.raises(NameRefused):
        public_mail_domains.refuse(name)


def test_r19_public_mail_domains_are_compared_exactly() -> None:
    for name in ("eng.gmail.com", "gmail.com.acme.org", "gmail.co", "notgmail.com"):
        public_mail_domains.refuse(name)


def test_the_operators_own_public_mail_domains_count_too() -> None:
    public_mail_domains.refuse("mail.acme.org")
    with pytest.raises(NameRefused):
        public_mail_domains.refuse("mail.acme.org", also=["mail.acme.org"])


def test_every_shipped_public_mail_domain_is_in_its_kept_form() -> None:
    assert len(public_mail_domains.SHIPPED) > 100
    assert all(domain_names.cleaned(name) == name for name in public_mail_domains.SHIPPED)
