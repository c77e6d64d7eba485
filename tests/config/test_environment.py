"""The environment: what is pasted means what its author meant."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import services
from config.environment import ROOT, read
from config.startup import refuse_unsafe_production
from config.variables import Environment
from fairlead import conf
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


ADDRESSES = {
    "DATABASE_URL": "postgres://user:password@host/name",
    "CACHE_URL": "redis://:password@host:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
    "UPLOADS_URL": "s3://key:secret@bucket/folder?region=eu-central-1",
}


def test_every_secret_may_stand_in_a_file(tmp_path):
    for each in fields(Environment):
        if not each.metadata.get("secret"):
            continue
        name = each.name.upper()
        held = ADDRESSES.get(name, "value-of-file")
        (tmp_path / name).write_text(f"{held}\n")
        value = getattr(read({f"{name}_FILE": str(tmp_path / name)}, tmp_path / "none"), each.name)
        assert value in {held, (held,)}, name


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"], ids=["missing", "empty", "blank", "binary"])
def test_secret_file_that_holds_nothing_readable_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(ImproperlyConfigured) as refused:
        read({"SECRET_KEY_FILE": str(tmp_path / "key")}, tmp_path / "none")
    assert f"SECRET_KEY_FILE names {tmp_path / 'key'}, which " in str(refused.value)


# Each text has "hidden" in it, where the value has room for it: no message may repeat what was given.
REFUSED = [
    ("OIDC_ENABLED", "hidden"),
    ("OIDC_STATE_TTL", "0"),
    ("OIDC_STATE_TTL", "hidden"),
    ("OIDC_EXCHANGE_CODE_TTL", "86400"),
    ("APP_URL", "login.hidden.example"),
    ("APP_URL", "https://login.hidden.example/path"),
    ("APP_URL", "https://hidden@login.example.org"),
    ("APP_URL", "https://login.example.org:hidden"),
    ("FRONTEND_URL", "app.hidden.example"),
    ("FRONTEND_URLS", "https://app.example.org,hidden"),
    ("CORS_ALLOWED_ORIGINS", "hidden"),
    ("USER_SIGNUP", "hidden"),
    ("OIDC_TRUST_EMAIL", "hidden"),
    ("OIDC_PRIVATE_ORIGINS", "keycloak.hidden"),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "hidden"),
    ("TRUSTED_PROXIES", "1.5"),
    ("TRUSTED_PROXIES", "\u0661"),
    ("REFRESH_REUSE_GRACE", "hidden"),
    ("FAIRLEAD_ENV", "hidden"),
    ("LOG_LEVEL", "hidden"),
    ("DATABASE_URL", "hidden"),
    ("DATABASE_URL", "host/hidden"),
    ("DATABASE_URL", "postgres://user:hidden@host"),
    ("DATABASE_URL", "postgres://user:hidden@host:port/name"),
    ("DATABASE_URL", "mysql://user:hidden@host/name"),
    ("CACHE_URL", "hidden"),
    ("CACHE_URL", "http://:hidden@host"),
    ("CACHE_URL", "redis://"),
    ("CACHE_URL", "redis://:hidden@host:port/0"),
    ("EMAIL_URL", "hidden"),
    ("EMAIL_URL", "mail.hidden.example:587"),
    ("EMAIL_URL", "smtp+tls://"),
    ("EMAIL_URL", "smtp+tls://user:hidden@host:port"),
    ("EMAIL_URL", "hidden://host"),
    ("UPLOADS_URL", "hidden"),
    ("UPLOADS_URL", "s3://"),
    ("UPLOADS_URL", "s3://key:hidden@bucket?regoin=eu-central-1"),
    ("SITE_COLOR", "hidden"),
    ("SITE_COLOR", "#fff}body{hidden"),
    ("SITE_LOGO", "https://hidden.example/logo.svg"),
    ("SITE_LOGO", "//hidden.example/logo.svg"),
    ("TERMS_URL", "javascript:hidden"),
    ("PRIVACY_URL", "//hidden.example"),
    ("SUPPORT_URL", "help@hidden.example"),
]


@pytest.mark.parametrize("source", ["environment", ".env"])
@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_refusal_says_which_variable_from_where_what_it_has_to_be_and_never_its_value(tmp_path, name, value, source):
    process, dotenv = ({name: value}, tmp_path / "none") if source == "environment" else ({}, tmp_path / ".env")
    (tmp_path / ".env").write_text(f"{name}='{value}'\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured) as refused:
        read(process, dotenv)
    told = str(refused.value)
    assert re.search(rf"\* {name} \({re.escape(source)}\) has to be .+\. It means: .+\. For example: {name}=.", told)
    assert "hidden" not in told
    while refused := refused.__cause__ if isinstance(refused, BaseException) else refused.value.__cause__:
        assert "hidden" not in str(refused)


def test_everything_that_cannot_be_understood_is_told_at_once(tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        read({"APP_URL": "x", "TRUSTED_PROXIES": "x", "SECRET_KEY_FILE": "/missing"}, tmp_path / "none")
    assert re.findall(r"\* ([A-Z_]+)", str(refused.value)) == ["APP_URL", "SECRET_KEY_FILE", "TRUSTED_PROXIES"]


@pytest.mark.parametrize("each", fields(Environment), ids=lambda each: each.name)
def test_example_of_every_variable_is_understood(tmp_path, each):
    if example := each.metadata.get("example"):
        assert each.metadata["parse"](example) not in {None, ""}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *ADDRESSES.items(),
        ("DATABASE_URL", "postgresql://u:p%40ss@[::1]:5432/name?sslmode=require"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite:////srv/fairlead.sqlite3"),
        ("CACHE_URL", "rediss://cache.internal"),
        ("CACHE_URL", "locmemcache://"),
        ("EMAIL_URL", "smtp://localhost"),
        ("EMAIL_URL", "smtp+tls://somebody@example.org:p@ss@mail.example.org:587"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "filemail:///srv/mails"),
        ("SITE_LOGO", "/static/logo.svg"),
        ("SUPPORT_URL", "/help"),
    ],
)
def test_usual_addresses_are_taken_as_they_are(tmp_path, name, value):
    assert getattr(read({name: value}, tmp_path / "none"), name.lower()) == value


def test_file_that_was_named_and_is_not_there_is_told(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"ENV_FILE names .*missing, which is not there"):
        read({"ENV_FILE": str(tmp_path / "missing")})


def test_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / ".env").write_bytes(b"APP_URL=\xff\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env cannot be read: it is no UTF-8 text"):
        read({}, tmp_path / ".env")


@pytest.mark.parametrize(
    ("told", "front_ends", "named"),
    [
        ({}, (), "FRONTEND_URLS"),
        ({"FRONTEND_URL": "https://a.example"}, ("https://a.example",), "FRONTEND_URL"),
        (
            {"FRONTEND_URL": "https://b.example/", "FRONTEND_URLS": "https://a.example, https://B.example"},
            ("https://b.example", "https://a.example"),
            "FRONTEND_URL",
        ),
        ({"FRONTEND_URLS": "https://a.example"}, ("https://a.example",), "FRONTEND_URLS"),
    ],
)
def test_first_front_end_is_the_one_of_frontend_url(tmp_path, told, front_ends, named):
    settings = read(told, tmp_path / "none").fairlead()
    assert settings["FRONTEND_URLS"] == front_ends
    assert settings["SOURCES"]["FRONTEND_URLS"] == (named, "environment" if told else "default")


def test_every_setting_that_has_a_variable_reaches_the_packages_with_its_source(tmp_path):
    told = {**GOOD, "SITE_NAME": "Example Shop", "OIDC_STATE_TTL": "90"}
    settings = read(told, tmp_path / "none").fairlead()
    assert settings.keys() - {"SOURCES", "PEOPLE"} == settings["SOURCES"].keys()
    assert settings.keys() <= {key for key, _, _ in conf.known()}
    assert (settings["SITE_NAME"], settings["OIDC_STATE_TTL"]) == ("Example Shop", 90)
    assert settings["SOURCES"]["ENCRYPTION_KEYS"] == ("FAIRLEAD_ENCRYPTION_KEYS", "environment")
    assert settings["SOURCES"]["SITE_COLOR"] == ("SITE_COLOR", "default")


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


def test_a_folder_for_sqlite_that_cannot_be_made_names_the_variable(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"folder of DATABASE_URL, .*/file/below, cannot be made"):
        services.make_folder({"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "file" / "below" / "db")})
