"""Making a user of a model that nobody here knows: the address, a user name, a name where there is a place for one."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth import get_user_model

from fairlead import email_address
from fairlead.conf import conf
from fairlead.people import SignupRules


def unsaved(*, email: str, name: str, active: bool) -> Any:
    """Without a password. What else the model demands, the site's own `People.create` fills in."""
    model = get_user_model()
    user: Any = model(is_active=active)
    setattr(user, model.get_email_field_name(), email)
    if model.get_email_field_name() != model.USERNAME_FIELD:
        setattr(user, model.USERNAME_FIELD, _user_name(email))
    set_name(user, name)
    user.set_unusable_password()
    return user


def set_name(user: Any, name: str) -> list[str]:
    """Write the name where the model has one, cut to fit. Returns the names of the columns, for `update_fields`."""
    known = {field.name: field for field in user._meta.concrete_fields}
    first, _, last = name.partition(" ")
    for parts in ({"first_name": first, "last_name": last}, {"name": name}, {"full_name": name}):
        if parts.keys() <= known.keys():
            for column, text in parts.items():
                setattr(user, column, text[: known[column].max_length])
            return list(parts)
    return []


def name_of(user: Any) -> str:
    if hasattr(user, "get_full_name"):
        return str(user.get_full_name() or "")
    return str(getattr(user, "name", None) or getattr(user, "full_name", None) or "")


def _user_name(email: str) -> str:
    """The same for the same address, so that two first sign-ins at once meet at the unique column. It does not show the
    address: sites show user names to everybody."""
    model = get_user_model()
    made = f"user-{hashlib.sha256(email_address.canonical(email).encode()).hexdigest()[:16]}"
    if model._default_manager.filter(**{model.USERNAME_FIELD: made}).exists():
        # Of somebody who had this address once.
        return f"{made}-{secrets.token_hex(4)}"
    return made


def rules(canonical: str) -> SignupRules:
    """What awaits somebody new with this address: by the settings alone, since there is no page for it here."""
    values = conf()
    always = values.oidc_signup == "always"
    allowed = values.signup_email_domains
    domains = {each.lower().lstrip("@") for each in allowed or ()}
    return SignupRules(
        open=always or values.user_signup != "disabled",
        review=not always and values.user_signup == "review",
        domain_allowed=allowed is None or canonical.partition("@")[2] in domains,
    )
