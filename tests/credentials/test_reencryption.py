"""Encryption keys can be retired: every stored secret is written anew with the first."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from fairlead.credentials import reencryption
from fairlead.credentials.fields import DecryptionFailed, EncryptedTextField
from oidc_login.models import Provider
from tests.configure import configure

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def provider(slug: str, secret: str) -> Provider:
    return Provider.objects.create(
        slug=slug, name=slug, issuer=f"https://{slug}.example.org", client_id="x", client_secret=secret
    )


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM oidc_login_provider ORDER BY slug")
        return [value for (value,) in cursor.fetchall()]


def test_afterwards_the_new_key_alone_reads_everything(settings):
    configure(settings, ENCRYPTION_KEYS=[OLD])
    provider("one", "first secret")
    provider("public", "")
    configure(settings, ENCRYPTION_KEYS=[NEW, OLD])
    provider("two", "second secret")
    current = stored()[2]
    out = StringIO()
    call_command("reencrypt", stdout=out)
    assert "oidc_login.Provider.client_secret: 1 written anew, 1 current, 0 lost" in out.getvalue()
    assert "can be taken away" in out.getvalue()
    assert stored()[1:] == ["", current]
    configure(settings, ENCRYPTION_KEYS=[NEW])
    read = [row.client_secret for row in Provider.objects.order_by("slug")]
    assert read == ["first secret", "", "second secret"]


def test_more_rows_than_one_lot(settings):
    configure(settings, ENCRYPTION_KEYS=[OLD])
    for n in range(7):
        provider(f"p{n}", f"secret {n}")
    configure(settings, ENCRYPTION_KEYS=[NEW, OLD])
    (column,) = [(model, field) for model, field in reencryption.columns() if model is Provider]
    assert reencryption.write_anew(*column, at_once=3) == reencryption.Written(anew=7)
    assert reencryption.write_anew(*column, at_once=3) == reencryption.Written(current=7)


def test_what_no_key_reads_is_named_and_left_as_it_is(settings):
    configure(settings, ENCRYPTION_KEYS=[OLD])
    row = provider("one", "first secret")
    before = stored()
    configure(settings, ENCRYPTION_KEYS=[NEW])
    with pytest.raises(DecryptionFailed):
        _ = Provider.objects.get().client_secret
    err = StringIO()
    with pytest.raises(CommandError, match="1 secrets cannot be decrypted"):
        call_command("reencrypt", stdout=StringIO(), stderr=err)
    assert str(row.pk) in err.getvalue()
    assert stored() == before


def test_a_secret_that_was_changed_meanwhile_is_not_overwritten(settings, monkeypatch):
    configure(settings, ENCRYPTION_KEYS=[OLD])
    row = provider("one", "old secret")
    configure(settings, ENCRYPTION_KEYS=[NEW, OLD])
    read = reencryption.decrypt

    def changed_meanwhile(ciphertext: str) -> str:
        Provider.objects.filter(pk=row.pk).update(client_secret="new secret")
        return read(ciphertext)

    monkeypatch.setattr(reencryption, "decrypt", changed_meanwhile)
    (column,) = [(model, field) for model, field in reencryption.columns() if model is Provider]
    assert reencryption.write_anew(*column).anew == 0
    assert Provider.objects.get().client_secret == "new secret"


def test_every_encrypted_column_is_found():
    """Whoever encrypts by another field than ours would be left out: there is no other."""
    found = {(model, field.name) for model, field in reencryption.columns()}
    assert {model._meta.label for model, _ in found} >= {
        "oidc_login.Provider",
        "oidc_login.AuthorizationRequest",
        "userpools.PoolSigningKey",
        "fairlead_web.OutgoingMail",
    }
    assert found == {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    }
