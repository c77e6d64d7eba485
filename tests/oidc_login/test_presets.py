"""What the admin says of a provider and what docs/providers.md says are the same words."""

import pytest

from config.environment import ROOT
from config.variables import Environment
from fairlead.idtokens import shared_issuers
from oidc_login.admin import presets
from oidc_login.admin.presets import Preset
from oidc_login.models import Provider

VARIABLES = (
    "APP_URL",
    "OIDC_ENABLED",
    "OIDC_PROVIDER_NAME",
    "OIDC_ISSUER_URL",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "DISABLE_INTERNAL_AUTH",
)


def section(preset: Preset) -> str:
    """The preset as docs/providers.md tells it."""
    values = dict(
        zip(
            VARIABLES,
            (
                "https://login.example.org",
                "true",
                f'"{preset.name}"',
                preset.issuer,
                '"..."',
                '"..."',
                "false",
            ),
            strict=True,
        )
    )
    steps = [
        f"{number}. {step.replace('{callback}', '`{APP_URL}/api/auth/oidc/callback`')}"
        for number, step in enumerate(preset.steps, start=1)
    ]
    block = [f"{name}={value}" for name, value in values.items()]
    parts = [f"## {preset.name}", "", *steps, "", "```sh", *block, "```", "", "Good to know:", ""]
    return "\n".join([*parts, *(f"* {quirk}" for quirk in preset.quirks), ""])


@pytest.mark.parametrize("preset", presets.every(), ids=lambda preset: preset.slug)
def test_docs_say_what_the_form_says(preset):
    assert section(preset) in (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("preset", presets.every(), ids=lambda preset: preset.slug)
def test_values_of_a_preset_are_values_of_the_form(preset):
    assert set(preset.initial) <= {field.name for field in Provider._meta.fields}
    assert preset.client_auth in Provider.ClientAuth.values
    assert preset.trust_email in Provider.TrustEmail.values
    assert "openid" in preset.scopes.split()
    assert "email" in preset.scopes.split()
    assert not (shared_issuers.people_of_many(preset.issuer) and preset.trust_email == "always")


def test_every_variable_of_the_block_exists():
    assert {name.lower() for name in VARIABLES} <= set(Environment.__dataclass_fields__)


def test_slugs_are_distinct():
    assert len({preset.slug for preset in presets.every()}) == len(presets.every())
