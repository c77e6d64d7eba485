"""A provider whose secret no key decrypts is not offered; everything else goes on."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.test import Client

from oidc_login import providers
from oidc_login.models import Provider
from tests.configure import configure

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(settings: Any) -> Provider:
    """`lost`, whose secret cannot be read, and `good`, entered after the key was lost."""
    lost = Provider.objects.create(
        slug="lost", name="Lost", issuer="https://lost.example.org", client_id="a", client_secret="x", enabled=True
    )
    configure(settings, ENCRYPTION_KEYS=[Fernet.generate_key().decode()])
    Provider.objects.create(
        slug="good", name="Good", issuer="https://good.example.org", client_id="b", client_secret="y", enabled=True
    )
    return lost


def test_the_others_are_offered(two: Provider, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    config = client.get("/api/auth/oidc/config").json()
    assert [each["slug"] for each in config["providers"]] == ["good"]
    page = client.get("/login")
    assert page.status_code == 200
    assert "Good" in page.content.decode()
    assert "Lost" not in page.content.decode()
    assert any(getattr(record, "provider", "") == "lost" for record in caplog.records)


def test_a_lost_secret_does_not_open_the_password_door(two: Provider, client: Client, settings: Any) -> None:
    configure(settings, DISABLE_INTERNAL_AUTH=True)
    Provider.objects.filter(slug="good").delete()
    assert providers.available() == []
    body = {"email": "a@example.org", "password": "correct horse"}
    answer = client.post("/api/auth/login", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_login_disabled")


def test_the_administration_opens_and_takes_a_new_secret(two: Provider, client: Client, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    owner = get_user_model().objects.create(email="owner@example.org", is_staff=True, is_superuser=True)
    client.force_login(owner)
    assert client.get("/admin/oidc_login/provider/").status_code == 200
    page = client.get(f"/admin/oidc_login/provider/{two.pk}/change/")
    assert page.status_code == 200
    assert "enter it anew" in page.content.decode()
    row = Provider.objects.get(slug="lost")
    row.client_secret = "entered anew"
    row.save()
    assert {each.slug for each in providers.available()} == {"lost", "good"}
