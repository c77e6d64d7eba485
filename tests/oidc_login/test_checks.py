"""Provider settings that cannot work, or must not, are said by `manage.py check`."""

import pytest

from oidc_login import providers
from oidc_login.checks import provider_of_settings
from oidc_login.models import Provider
from tests.configure import configure

GOOD = {"OIDC_ENABLED": True, "OIDC_ISSUER_URL": "https://op.example.org", "OIDC_CLIENT_ID": "fairlead"}


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({}, []),
        ({"OIDC_ISSUER_URL": "", "OIDC_CLIENT_ID": "", "OIDC_ENABLED": False}, []),
        ({"OIDC_ISSUER_URL": "", "OIDC_CLIENT_ID": ""}, ["oidc_login.W001"]),
        ({"OIDC_ENABLED": False}, ["oidc_login.W002"]),
        ({"OIDC_CLIENT_ID": ""}, ["oidc_login.E001"]),
        ({"OIDC_ISSUER_URL": ""}, ["oidc_login.E001"]),
        ({"OIDC_ISSUER_URL": "https://login.microsoftonline.com/{tenantid}/v2.0"}, ["oidc_login.E002"]),
        ({"OIDC_ISSUER_URL": "https://accounts.google.com", "OIDC_TRUST_EMAIL": "always"}, ["oidc_login.E003"]),
        (
            {"OIDC_ISSUER_URL": "https://login.microsoftonline.com/common/v2.0", "OIDC_TRUST_EMAIL": "always"},
            ["oidc_login.E003"],
        ),
        ({"OIDC_TRUST_EMAIL": "always"}, []),
        ({"OIDC_ISSUER_URL": "http://op.example.org"}, ["oidc_login.E004"]),
        ({"OIDC_ISSUER_URL": "http://op.internal:8080/x", "OIDC_PRIVATE_ORIGINS": ("http://op.internal:8080",)}, []),
    ],
)
def test_settings_are_checked(settings, change, ids):
    configure(settings, **{**GOOD, **change})
    assert [message.id for message in provider_of_settings(None)] == ids


@pytest.mark.django_db
def test_shared_issuer_is_never_trusted_whatever_a_setting_says(settings):
    row = Provider(slug="g", name="G", issuer="https://accounts.google.com", client_id="g", trust_email="always")
    assert providers.of_row(row).trust_email == "never"
    row.issuer = "https://idp.example.org"
    assert providers.of_row(row).trust_email == "always"


@pytest.mark.django_db
def test_placeholder_in_the_issuer_disables_the_provider(settings):
    configure(settings, **{**GOOD, "OIDC_ISSUER_URL": "https://login.microsoftonline.com/{tenantid}/v2.0"})
    assert not providers.available()


@pytest.mark.django_db
def test_row_with_the_environments_issuer_gives_way(settings):
    configure(settings, **GOOD)
    Provider.objects.create(slug="same", name="Same", issuer=GOOD["OIDC_ISSUER_URL"], client_id="x")
    assert [each.slug for each in providers.available()] == ["default"]


@pytest.mark.django_db
def test_openid_is_always_asked_for(settings):
    row = Provider(slug="g", name="G", issuer="https://idp.example.org", client_id="g", scopes="email")
    assert providers.of_row(row).scopes == "openid email"


def test_secret_is_not_in_the_representation():
    config = providers.ProviderConfig(id="1", slug="a", name="A", issuer="i", client_id="c", client_secret="hunter2")
    assert "hunter2" not in repr(config)
