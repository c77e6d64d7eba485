"""What `make run` adds to what a person has set."""

import pytest

from demo.surroundings import look_around


@pytest.mark.parametrize(
    ("issuer", "allowed"),
    [
        ('"http://localhost:8080/realms/a"  # Keycloak here', "http://localhost:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://keycloak.internal:8080", None),
        ("https://id.example.org", None),
        ("", None),
    ],
)
def test_provider_on_this_machine_needs_no_second_mention(tmp_path, issuer, allowed):
    told = {"OIDC_ISSUER_URL": issuer, "OIDC_PRIVATE_ORIGINS": "http://mine.internal", "PROVIDER_PORT": "9001"}
    origins = look_around(told, tmp_path / "none").service["OIDC_PRIVATE_ORIGINS"].split(",")
    assert origins == ["http://mine.internal", "http://127.0.0.1:9001", *([allowed] if allowed else [])]


def test_what_a_person_set_is_passed_on_untouched(tmp_path):
    told = {
        "OIDC_CLIENT_SECRET": "x  # Optional",
        "OIDC_PROVIDER_NAME": '"Pocket ID"',
        "APP_URL": "http://localhost:8123",
    }
    around = look_around(told, tmp_path / "none")
    assert {name: around.service[name] for name in told} == told
    assert around.port == 8123
