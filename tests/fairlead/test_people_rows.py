"""What points at a user is classified, or `manage.py check` says so. Nothing is forgotten in silence."""

from types import SimpleNamespace

import pytest
from django.apps.registry import Apps
from django.contrib.auth import get_user_model
from django.core import checks
from django.db import models

from fairlead import people_rows
from fairlead.people_rows import KEEP, WIPE
from oidc_login.models import Identity
from tests.configure import configure

User = get_user_model()


def test_every_model_here_that_points_at_a_user_is_classified_with_a_reason() -> None:
    pointing = {model for model, _ in people_rows.pointing_at_users()}
    assert {"Identity", "ExchangeCode", "SignInLink", "Session", "Membership", "LogEntry"} <= {
        model.__name__ for model in pointing
    }
    rules = {model._meta.label: people_rows.rule_of(model) for model in pointing}
    assert [label for label, rule in rules.items() if rule is None or not rule.reason] == []
    assert people_rows.check(None) == []


def test_what_lets_somebody_in_goes_and_what_others_gave_stays() -> None:
    fates = {model._meta.label: people_rows.rule_of(model).fate for model, _ in people_rows.pointing_at_users()}
    goes = {"oidc_login.Identity", "oidc_login.ExchangeCode", "oidc_login.SignInLink", "accounts.MailedLink"}
    assert {label for label in goes if fates[label] is not WIPE} == set()
    assert fates["fairlead_orgs.Membership"] is KEEP
    assert fates["accounts.User_groups"] is KEEP


def _a_model(app: str, name: str, *, ours: bool, monkeypatch) -> type[models.Model]:
    """A model of its own registry that points at a user."""
    isolated = Apps([app])
    isolated.get_app_config(app).of_fairlead = ours
    monkeypatch.setattr("fairlead.people_rows.apps", isolated)
    meta = type("Meta", (), {"app_label": app, "apps": isolated})
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, "user": user})


def test_a_model_of_ours_that_nobody_classified_is_an_error(monkeypatch) -> None:
    _a_model("sdkclients", "Forgotten", ours=True, monkeypatch=monkeypatch)
    assert [each.id for each in people_rows.check(None)] == ["fairlead.E010"]


def test_a_hosts_is_one_warning_with_the_line_to_paste(monkeypatch) -> None:
    _a_model("sdkclients", "Order", ours=False, monkeypatch=monkeypatch)
    (warning,) = people_rows.check(None)
    assert (warning.id, warning.level) == ("fairlead.W010", checks.WARNING)
    assert '"WIPE": ["sdkclients.Order"]' in warning.hint


def test_a_hosts_that_wipe_names_is_wiped(settings, monkeypatch) -> None:
    order = _a_model("sdkclients", "Order", ours=False, monkeypatch=monkeypatch)
    configure(settings, WIPE=("sdkclients.order",))
    assert people_rows.check(None) == []
    assert people_rows.rule_of(order).fate is WIPE


@pytest.mark.parametrize("label", ["shop.Ordr", "nonsense", "oidc_login.Nothing"])
def test_a_misspelt_model_in_wipe_is_an_error(settings, label) -> None:
    configure(settings, WIPE=(label,))
    (error,) = people_rows.check(None)
    assert error.id == "fairlead.E011"
    assert label in error.msg


@pytest.mark.django_db
def test_wiping_deletes_the_persons_rows_alone() -> None:
    mine, other = (User.objects.create_user(f"{name}@example.org") for name in ("mine", "other"))
    for user in (mine, other):
        Identity.objects.create(user=user, issuer="https://i.example", subject=str(user.pk))
    assert people_rows.wipe(mine) == 1
    assert list(Identity.objects.values_list("user", flat=True)) == [other.pk]


def test_a_relation_to_an_app_that_is_not_installed_is_left_to_djangos_own_check(monkeypatch):
    """As in a host that forgot one: the check must not fail before Django names the app."""
    relation = SimpleNamespace(remote_field=SimpleNamespace(model="missing.Model"))
    model = SimpleNamespace(_meta=SimpleNamespace(proxy=False, local_fields=[relation]))
    monkeypatch.setattr(people_rows, "apps", SimpleNamespace(get_models=lambda **_: [model]))
    assert list(people_rows.pointing_at_users()) == []
