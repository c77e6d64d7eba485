"""Opaque secrets and stored secrets."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection

from fairlead.credentials.fields import DecryptionFailed, decrypt, encrypt
from fairlead.credentials.secrets import digest, mint, well_formed
from oidc_login.models import Provider
from tests.configure import configure


def test_minted_secret_is_recognisable_and_never_printed():
    minted = mint("flk")
    assert minted.plaintext.startswith("flk_")
    assert well_formed("flk", minted.plaintext)
    assert minted.digest == digest(minted.plaintext)
    assert minted.plaintext not in f"{minted!r} {minted}"
    assert minted.plaintext != mint("flk").plaintext


@pytest.mark.parametrize("change", [lambda s: s[:-1] + "!", lambda s: s[:9] + ("A" if s[9] != "A" else "B") + s[10:],
                                    lambda s: s + "a", lambda s: "flr" + s[3:], lambda s: "", lambda s: s[:-1] + "é"])  # fmt: skip
def test_mistyped_secret_is_not_well_formed(change):
    assert not well_formed("flk", change(mint("flk").plaintext))


def test_digest_takes_any_text():
    assert len(digest("\ud800")) == 64


@pytest.mark.django_db
def test_stored_secret_is_not_readable_in_the_database():
    row = Provider.objects.create(
        slug="a", name="A", issuer="https://a.example.org", client_id="a", client_secret="hunter2"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM oidc_login_provider")
        (stored,) = cursor.fetchone()
    assert "hunter2" not in stored
    assert Provider.objects.get(pk=row.pk).client_secret == "hunter2"


@pytest.mark.django_db
def test_value_that_no_key_decrypts_is_an_error():
    Provider.objects.create(slug="a", name="A", issuer="https://a.example.org", client_id="a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE oidc_login_provider SET client_secret = 'plaintext'")
    row = Provider.objects.get()
    with pytest.raises(DecryptionFailed):
        _ = row.client_secret
    # The rest of the row is read and saved; the secret stays as it stands.
    row.name = "B"
    row.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, client_secret FROM oidc_login_provider")
        assert cursor.fetchone() == ("B", "plaintext")
    row.client_secret = "entered anew"
    row.save()
    assert Provider.objects.get().client_secret == "entered anew"


def test_keys_rotate(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    configure(settings, ENCRYPTION_KEYS=[old])
    stored = encrypt("secret")
    configure(settings, ENCRYPTION_KEYS=[new, old])
    assert decrypt(stored) == "secret"
    configure(settings, ENCRYPTION_KEYS=[new])
    with pytest.raises(DecryptionFailed):
        decrypt(stored)


def test_encrypted_field_cannot_be_searched():
    with pytest.raises(FieldError, match="Unsupported lookup"):
        Provider.objects.filter(client_secret__startswith="x")
