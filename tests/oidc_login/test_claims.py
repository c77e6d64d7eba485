"""What two documents say of one person, and which of them counts."""

import pytest

from oidc_login.errors import LoginRefused
from oidc_login.flow.claims import EmailVerified, clean_name, read, trusted

ISS = {"iss": "https://op.example.org", "sub": "1"}
A, B = "a@example.org", "b@example.org"


@pytest.mark.parametrize(
    ("id_token", "userinfo", "email", "proof"),
    [
        ({"email": A, "email_verified": True}, {}, A, EmailVerified.TRUE),
        ({"email": A, "email_verified": True}, {"email": B, "email_verified": False}, A, EmailVerified.TRUE),
        ({"email": A}, {"email": A, "email_verified": True}, A, EmailVerified.TRUE),
        ({"email": A}, {"email": "A@EXAMPLE.org", "email_verified": True}, A, EmailVerified.TRUE),
        # The flag of one document never vouches for the address of the other.
        ({"email": A}, {"email": B, "email_verified": True}, A, EmailVerified.ABSENT),
        ({"email": A, "email_verified": False}, {"email": A, "email_verified": True}, A, EmailVerified.FALSE),
        ({"email_verified": True}, {"email": B}, B, EmailVerified.ABSENT),
        ({}, {"email": B, "email_verified": True}, B, EmailVerified.TRUE),
        ({"email": ""}, {"email": B, "email_verified": True}, B, EmailVerified.TRUE),
        # Only the boolean true is true.
        *[
            ({"email": A, "email_verified": flag}, {}, A, EmailVerified.FALSE)
            for flag in ("true", 1, None, [True], {}, 1.0)
        ],
    ],
)
def test_address_and_flag_come_from_one_document(id_token, userinfo, email, proof):
    person = read({**ISS, **id_token}, userinfo, trust_email="never")
    assert (person.email, person.email_verified) == (email, proof)


@pytest.mark.parametrize(
    ("proof", "trust", "expected"),
    [
        (EmailVerified.ABSENT, "never", EmailVerified.ABSENT),
        (EmailVerified.ABSENT, "absent", EmailVerified.TRUE),
        (EmailVerified.FALSE, "absent", EmailVerified.FALSE),
        (EmailVerified.FALSE, "always", EmailVerified.TRUE),
        (EmailVerified.TRUE, "never", EmailVerified.TRUE),
    ],
)
def test_trust_in_a_provider_changes_what_silence_means(proof, trust, expected):
    assert trusted(proof, trust_email=trust) is expected


@pytest.mark.parametrize(
    ("claims", "missing"),
    [
        ({"sub": "1"}, ("email",)),
        ({"sub": "1", "email": ["a@example.org"]}, ("email",)),
        ({"sub": "1", "email": "no address"}, ("email",)),
        ({"sub": "1", "email": "a@exam\u212ale.org"}, ("email",)),
        ({"email": A}, ("sub",)),
        ({}, ("sub", "email")),
    ],
)
def test_what_is_missing_is_named(claims, missing):
    with pytest.raises(LoginRefused) as refused:
        read({"iss": "https://op.example.org", **claims}, {}, trust_email="always")
    assert refused.value.missing == missing
    assert all(name in refused.value.detail for name in missing)


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "  Ada \n Example "}, "Ada Example"),
        ({"name": "", "preferred_username": "ada"}, "ada"),
        ({"name": 7}, "a"),
        ({"name": "x" * 400}, "x" * 150),
        ({"name": "\x00\ud800"}, "a"),
    ],
)
def test_name_is_the_first_usable_one(claims, name):
    assert read({**ISS, "email": A, **claims}, {}, trust_email="never").name == name


def test_name_keeps_letters_of_every_script():
    assert clean_name("Łucja\u2028 Ñandú 李") == "Łucja Ñandú 李"


@pytest.mark.parametrize(
    "picture", [5, "", "https://a.example/\n", "https://a.example/" + "x" * 3000, "https://ä.example"]
)
def test_picture_that_is_no_address_is_none(picture):
    assert read({**ISS, "email": A, "picture": picture}, {}, trust_email="never").picture == ""
