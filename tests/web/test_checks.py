"""A project that lacks something hears what, and which line to paste."""

from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from fairlead.app_config import FairleadApp
from fairlead.web.checks import templates_are_found


@pytest.mark.parametrize("app", ["fairlead.audit", "fairlead.idtokens", "fairlead.orgs", "userpools"])
def test_an_app_that_is_needed_and_not_installed_is_named(monkeypatch: Any, app: str) -> None:
    config = apps.get_app_config("sdkclients")
    monkeypatch.setattr(apps, "is_installed", lambda name: name != app)
    with pytest.raises(ImproperlyConfigured, match=rf'^sdkclients needs more in INSTALLED_APPS\. Add: "{app}",$'):
        config.import_models()


def test_what_each_app_needs_stands_before_it_is_imported() -> None:
    """By what its models and apps import: an app that forgot to say so would fail with a text about app labels."""
    for config in apps.get_app_configs():
        if isinstance(config, FairleadApp):
            below = {
                to.name
                for to in apps.get_app_configs()
                for model in config.get_models()
                for field in model._meta.local_fields
                if field.remote_field and field.remote_field.model
                if to is apps.get_app_config(field.remote_field.model._meta.app_label)
            }
            users = {"accounts"} if config.name != "accounts" else set()
            assert below - {config.name} - users <= set(config.needs), config.name


def test_every_app_of_ours_registers_the_check_of_the_settings() -> None:
    names = {"fairlead", "accounts", "oidc_login", "userpools", "sdkclients"}
    ours = [config for config in apps.get_app_configs() if config.name.split(".")[0] in names]
    assert len(ours) >= 9
    assert all(isinstance(config, FairleadApp) for config in ours)
    with override_settings(FAIRLEAD=None):
        assert {error.id for error in checks.run_checks(tags=["fairlead"])} >= {"fairlead.E001"}


@pytest.mark.parametrize("given", [None, {}, {"ORIGNI": "https://shop.example.org"}, {"ORIGIN": 1}])
def test_faulty_settings_are_said_by_one_check_and_break_none(given: Any) -> None:
    with override_settings(FAIRLEAD=given):
        found = checks.run_checks(include_deployment_checks=True)
    assert {error.id for error in found if error.id.startswith(("fairlead", "accounts", "oidc_login"))} <= {
        "fairlead.E001",
        "fairlead.E002",
        "fairlead.E003",
        "fairlead.E004",
    }
    assert any(error.id.startswith("fairlead.E00") for error in found)


def test_templates_that_are_not_found_are_an_error(settings: Any) -> None:
    assert templates_are_found(None) == []
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": False}]
    assert [error.id for error in templates_are_found(None)] == ["fairlead.E021"]
