"""The environment: what is pasted means what its author meant."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import ROOT, Environment, read
from config.startup import refuse_unsafe_production
from tests.house import sources

GUIDE = """
# Pocket ID
APP_URL=https://login.example.org
OIDC_ENABLED=true
OIDC_PROVIDER_NAME="Pocket ID"
OIDC_ISSUER_URL=https://id.example.org   # no trailing slash
OIDC_CLIENT_ID='a#b c'
OIDC_CLIENT_SECRET=x  # Optional for PKCE
DISABLE_INTERNAL_AUTH=false # or true
"""
GOOD = {
    "APP_URL": "https://login.example.org",
    "SECRET_KEY": "".join(map(chr, range(48, 110))),
    "FAIRLEAD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}


def test_block_of_a_guide_pasted_into_the_file_gives_the_meant_values(tmp_path):
    (tmp_path / ".env").write_text(GUIDE)
    environment = read({}, tmp_path / ".env")
    assert environment.oidc_enabled is True
    assert environment.oidc_provider_name == "Pocket ID"
    assert environment.oidc_issuer_url == "https://id.example.org"
    assert environment.oidc_client_id == "a#b c"
    assert environment.oidc_client_secret == "x"
    assert environment.disable_internal_auth is False
    assert environment.sources["OIDC_CLIENT_SECRET"] == ".env"


def test_block_of_a_guide_that_reached_the_process_unparsed_gives_them_too(tmp_path):
    process = dict(line.split("=", 1) for line in GUIDE.strip().splitlines()[1:])
    environment = read(process, tmp_path / "none")
    assert environment.oidc_provider_name == "Pocket ID"
    assert environment.oidc_issuer_url == "https://id.example.org"
    assert environment.oidc_client_id == "a#b c"
    assert environment.oidc_client_secret == "x"
    assert environment.oidc_enabled is True
    assert environment.disable_internal_auth is False
    assert environment.sources["OIDC_ISSUER_URL"] == "environment"


def test_secret_with_special_characters_is_kept_whole(tmp_path):
    (tmp_path / ".env").write_text("OIDC_CLIENT_SECRET='$a#b\"c d'\nSECRET_KEY=$notavariable#kept\n")
    environment = read({}, tmp_path / ".env")
    assert environment.oidc_client_secret == '$a#b"c d'
    assert environment.secret_key == "$notavariable#kept"


def test_process_environment_beats_the_file(tmp_path):
    (tmp_path / ".env").write_text("OIDC_CLIENT_ID=file\n")
    assert read({"OIDC_CLIENT_ID": "process"}, tmp_path / ".env").oidc_client_id == "process"


def test_every_secret_may_stand_in_a_file(tmp_path):
    for each in fields(Environment):
        if not each.metadata.get("secret"):
            continue
        name = each.name.upper()
        (tmp_path / name).write_text("value-of-file\n")
        value = getattr(read({f"{name}_FILE": str(tmp_path / name)}, tmp_path / "none"), each.name)
        assert value in {"value-of-file", ("value-of-file",)}, name


def test_secret_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        read({"SECRET_KEY_FILE": str(tmp_path / "missing")}, tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ENABLED", "perhaps"),
        ("OIDC_STATE_TTL", "0"),
        ("OIDC_STATE_TTL", "soon"),
        ("APP_URL", "login.example.org"),
        ("APP_URL", "https://login.example.org/path"),
        ("APP_URL", "https://user@login.example.org"),
        ("USER_SIGNUP", "open"),
        ("OIDC_TRUST_EMAIL", "true"),
        ("OIDC_PRIVATE_ORIGINS", "keycloak.internal"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_value_that_cannot_be_understood_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read({name: value}, tmp_path / "none")


def test_empty_value_means_not_set(tmp_path):
    environment = read({"USER_SIGNUP": "", "OIDC_STATE_TTL": " ", "DISABLE_INTERNAL_AUTH": ""}, tmp_path / "none")
    assert (environment.user_signup, environment.oidc_state_ttl, environment.disable_internal_auth) == (None, 60, None)
    assert not environment.sources


def test_example_file_lists_every_variable_with_its_default(tmp_path):
    example = (ROOT / ".env.example").read_text()
    listed = re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(listed) == sorted(each.name.upper() for each in fields(Environment) if each.name != "sources")
    made, silent = read({}, ROOT / ".env.example"), read({}, tmp_path / "none")
    for each in fields(Environment):
        if each.name != "sources":
            assert getattr(made, each.name) == getattr(silent, each.name), each.name


def test_good_production_environment_starts(tmp_path):
    refuse_unsafe_production(read(GOOD, tmp_path / "none"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "x" * 80}, "SECRET_KEY is too short or a placeholder"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "placeholder"),
        ({"FAIRLEAD_ENCRYPTION_KEYS": ""}, "FAIRLEAD_ENCRYPTION_KEYS is not set"),
        ({"FAIRLEAD_ENCRYPTION_KEYS": "nokey"}, "no Fernet key"),
        ({"APP_URL": ""}, "APP_URL is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "a.example.org,."}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS, key 1"),
        ({"METRICS": "true"}, "METRICS_TOKEN"),
    ],
)
def test_production_refuses_to_start(tmp_path, change, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_unsafe_production(read({**GOOD, **change}, tmp_path / "none"))


def test_development_too_needs_secrets_and_says_nothing_of_addresses(tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe_production(Environment(fairlead_env="development"))
    assert "SECRET_KEY" in str(refused.value)
    assert "APP_URL" not in str(refused.value)


def test_environment_is_read_in_one_place():
    readers = [
        path.relative_to(ROOT)
        for path in sources()
        if re.search(r"os\.(environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE)|getenv)", path.read_text())
    ]
    assert readers == [Path("config/environment.py")]
