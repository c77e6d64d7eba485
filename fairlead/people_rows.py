"""Rows that point at a person: which go, and which stay, when an account's address turns out to be somebody else's.

Somebody may have registered with an address that is not theirs and waited for its owner to come ("pre-hijacked
accounts", USENIX Security 2022). What they may hold goes before the owner comes in. Nobody has to remember that for a
new model: every model of ours with a foreign key to the user is classified, or `manage.py check` errs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db.models import Field, Model

from fairlead.conf import after_settings, conf
from fairlead.credentials.one_time import OneTime


class Fate(StrEnum):
    WIPE = "wipe"
    KEEP = "keep"


WIPE, KEEP = Fate.WIPE, Fate.KEEP


@dataclass(frozen=True)
class Rule:
    fate: Fate
    reason: str


_ONE_TIME = Rule(WIPE, "whoever holds its plaintext would still come in")
_RIGHTS = Rule(KEEP, "rights were given by administrators")
# By the name of the app, not its label: a host's own `account` is another one.
_rules: dict[str, Rule] = {
    "django.contrib.admin.LogEntry": Rule(KEEP, "a record of what was done"),
    "rest_framework.authtoken.Token": Rule(WIPE, "a credential"),
    "allauth.account.EmailAddress": Rule(WIPE, "addresses that were added, primary ones too"),
    "allauth.socialaccount.SocialAccount": Rule(WIPE, "a way in"),
    "allauth.mfa.Authenticator": Rule(WIPE, "would lock the owner out"),
    "allauth.usersessions.UserSession": Rule(WIPE, "a session"),
    "allauth.idp.oidc.Client": Rule(WIPE, "speaks for its owner"),
    "allauth.idp.oidc.Token": Rule(WIPE, "a credential"),
}


def classify(model: type[Model], fate: Fate, reason: str) -> None:
    """Called by each app in its `ready()`, once per model. One-time rows need no call: they always go."""
    _rules[_name(model)] = Rule(fate, reason)


def rule_of(model: type[Model]) -> Rule | None:
    """What happens to this model's rows; None where nobody has said so."""
    if model._meta.label_lower in {label.lower() for label in conf().wipe}:
        return Rule(WIPE, 'FAIRLEAD["WIPE"]')
    if found := _rules.get(_name(model)):
        return found
    if issubclass(model, OneTime):
        return _ONE_TIME
    return _RIGHTS if model._meta.auto_created and _gives_rights(model) else None


def wipe(user: Any) -> int:
    """Delete the rows that go, in the caller's transaction. Returns how many, with what hung on them."""
    gone = 0
    for model, field in pointing_at_users():
        rule = rule_of(model)
        if rule is not None and rule.fate is WIPE:
            # The base manager: a default manager may hide rows.
            gone += model._base_manager.filter(**{field.name: user}).delete()[0]
    return gone


def pointing_at_users() -> Iterator[tuple[type[Model], Field]]:
    """Every model with a foreign key to the user, hidden many-to-many tables included, with that key."""
    user = get_user_model()._meta.concrete_model
    for model in apps.get_models(include_auto_created=True):
        for field in () if model._meta.proxy else model._meta.local_fields:
            key: Any = field.remote_field
            # An app that is not installed leaves a name where the model would be: Django's own check tells of it.
            related = getattr(key and key.model, "_meta", None)
            # A parent link is the user itself, seen from a model that inherits from it.
            if related and related.concrete_model is user and not getattr(key, "parent_link", False):
                yield model, field


def is_ours(model: type[Model]) -> bool:
    return getattr(apps.get_app_config(model._meta.app_label), "of_fairlead", False)


@after_settings
def check(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Registered by the apps that wipe."""
    unknown = [_unknown(label) for label in conf().wipe if not _exists(label)]
    silent = {model for model, _ in pointing_at_users() if rule_of(model) is None}
    ours = sorted(model._meta.label for model in silent if is_ours(model))
    theirs = sorted(model._meta.label for model in silent if not is_ours(model))
    return [*unknown, *(_unclassified(label) for label in ours), *([_left_alone(theirs)] if theirs else [])]


def _name(model: type[Model]) -> str:
    return f"{apps.get_app_config(model._meta.app_label).name}.{model.__name__}"


def _gives_rights(model: type[Model]) -> bool:
    return any(
        field.remote_field and field.remote_field.model._meta.label in {"auth.Group", "auth.Permission"}
        for field in model._meta.local_fields
    )


def _exists(label: str) -> bool:
    try:
        apps.get_model(label)
    except (LookupError, ValueError):
        return False
    return True


def _unknown(label: str) -> CheckMessage:
    hint = "Write it as app_label.Model, or take it out: nothing of it would be wiped."
    return Error(f'FAIRLEAD["WIPE"] names {label}, which is no model here.', hint=hint, id="fairlead.E011")


def _unclassified(label: str) -> CheckMessage:
    hint = "Call fairlead.people_rows.classify in its app's ready(), with WIPE or KEEP and the reason."
    return Error(f"{label} points at a user, and nobody says whether its rows go.", hint=hint, id="fairlead.E010")


def _left_alone(labels: list[str]) -> CheckMessage:
    listed = ", ".join(labels)
    line = ", ".join(f'"{label}"' for label in labels)
    return checks.Warning(
        f"Rows of {listed} stay when an account's address turns out to be somebody else's.",
        hint=f'Where they let anybody in or say what another person wrote: "WIPE": [{line}] in FAIRLEAD; '
        'else silence fairlead.W010.',
        id="fairlead.W010",
    )  # fmt: skip
