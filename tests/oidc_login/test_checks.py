"""Provider settings that cannot work, or must not, are said by `manage.py check`."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from fairlead import app_config
from fairlead.conf import conf
from fairlead.idtokens import destinations
from oidc_login import providers
from oidc_login.checks import provider_of_settings
from oidc_login.models import Provider
from oidc_login.people_checks import backend_is_listed
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
        (
            {"OIDC_ISSUER_URL": "http://Keycloak.internal:80/x", "OIDC_PRIVATE_ORIGINS": ["http://keycloak.internal"]},
            [],
        ),
        (
            {
                "OIDC_ISSUER_URL": "http://keycloak.internal/x",
                "OIDC_PRIVATE_ORIGINS": ("HTTP://Keycloak.internal:80/",),
            },
            [],
        ),
        ({"OIDC_ISSUER_URL": "HTTP://op.example.org"}, ["oidc_login.E004"]),
    ],
)
def test_settings_are_checked(settings, change, ids):
    configure(settings, **{**GOOD, **change})
    assert [message.id for message in provider_of_settings(None)] == ids


MALFORMED = [
    "id.example.org",
    "ftp://id.example.org",
    "https://",
    "https://[half",
    "https://id.example.org:99999",
    "https://id.example.org:port",
    "https://id.example.org:",
    "https://us er:pw@id.example.org",
    "https://user:hunter2@id.example.org",
    "https://id.exämple.org",
    "https://id.example.org/#part",
    "https://id\n.example.org",
    "$OIDC_ISSUER",
    "https://" + "x" * 3000,
]


@pytest.mark.parametrize("trust", ["never", "always"])
@pytest.mark.parametrize("issuer", MALFORMED)
def test_malformed_issuer_is_a_refusal_with_the_line_to_paste_and_without_the_value(settings, issuer, trust):
    configure(settings, **{**GOOD, "OIDC_ISSUER_URL": issuer, "OIDC_TRUST_EMAIL": trust})
    (message,) = provider_of_settings(None)
    assert message.id == "oidc_login.E012"
    assert "OIDC_ISSUER_URL=https://id.example.org/" in message.hint
    assert "hunter2" not in str(message)


@pytest.mark.django_db
@pytest.mark.parametrize("issuer", MALFORMED)
def test_malformed_issuer_breaks_no_page(settings, client, issuer):
    configure(settings, **{**GOOD, "OIDC_ISSUER_URL": issuer, "OIDC_TRUST_EMAIL": "always"})
    assert client.get("/login").status_code == 200
    assert client.get("/api/auth/oidc/config").status_code == 200
    assert "error=provider_error" in client.get("/api/auth/oidc/initiate")["Location"]


def test_plain_http_names_the_line_to_paste(settings):
    configure(settings, **{**GOOD, "OIDC_ISSUER_URL": "http://Keycloak.internal:80/realms/x"})
    (message,) = provider_of_settings(None)
    assert "OIDC_PRIVATE_ORIGINS=http://keycloak.internal" in message.hint
    settings.FAIRLEAD = {name: value for name, value in settings.FAIRLEAD.items() if name != "SOURCES"}
    (message,) = provider_of_settings(None)
    assert '"OIDC_PRIVATE_ORIGINS": ["http://keycloak.internal"],' in message.hint


@pytest.mark.parametrize(
    "issuer", ["http://Keycloak.internal:80/x", "http://keycloak.internal/x", "HTTP://KEYCLOAK.internal/x"]
)
@pytest.mark.parametrize("listed", ["http://keycloak.internal", "http://KEYCLOAK.internal:80/"])
def test_check_and_door_read_an_origin_alike(settings, issuer, listed):
    configure(settings, **{**GOOD, "OIDC_ISSUER_URL": issuer, "OIDC_PRIVATE_ORIGINS": (listed,)})
    assert provider_of_settings(None) == []
    found = destinations.check(issuer, private_origins=conf().oidc_private_origins, setting="OIDC_PRIVATE_ORIGINS")
    assert found.private


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


def test_a_backend_that_is_missing_is_told_with_the_whole_list_to_write(settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    (error,) = backend_is_listed(None)
    written = {}
    exec(error.hint.removeprefix("Write into the settings: "), written)
    settings.AUTHENTICATION_BACKENDS = written["AUTHENTICATION_BACKENDS"]
    assert backend_is_listed(None) == []


def test_a_package_that_is_missing_is_told_with_what_installs_it(monkeypatch):
    monkeypatch.setattr(app_config, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r'pip install "fairlead\[oidc\]"$'):
        apps.get_app_config("oidc_login").import_models()
