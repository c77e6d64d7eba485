"""System checks of what this app stands on in the project around it: its people, its backend, its middleware.

Each is an error, since what is missing fails silently: a session that was ended goes on, or the page blames a provider.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import import_string

from fairlead.conf import after_settings, conf
from fairlead.people import People as Protocol
from oidc_login.backends import ProviderBackend
from oidc_login.people import People

BACKEND = f"{ProviderBackend.__module__}.{ProviderBackend.__qualname__}"
_SUBCLASS = """Write a module of your own, say yourproject/people.py:
    from oidc_login.people import People as Default

    class People(Default):
        local_addresses_proven = False
and set FAIRLEAD["PEOPLE"] = "yourproject.people.People". True means: nobody here can have an address that was not
proven to be theirs."""


@register()
@after_settings
def people_are_complete(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    path = conf().people
    try:
        found: Any = import_string(path)
    except ImportError as error:
        return [_error("E006", f'FAIRLEAD["PEOPLE"] names {path}, which cannot be imported: {error}.', _SUBCLASS)]
    missing = [name for name in _members() if not hasattr(found, name)]
    if missing:
        text = f"{path} lacks what the protocol fairlead.people.People has: {', '.join(missing)}."
        return [_error("E007", text, "Add them, or derive it from oidc_login.people.People.")]
    return _of_default(found, path) if isinstance(found, type) and issubclass(found, People) else []


def _members() -> list[str]:
    return sorted({*Protocol.__annotations__, *(name for name in vars(Protocol) if not name.startswith("_"))})


def _of_default(found: type[People], path: str) -> list[CheckMessage]:
    errors = []
    if not isinstance(getattr(found, "local_addresses_proven", None), bool):
        errors.append(_error("E008", f"{path} does not say whether this project's addresses are proven.", _SUBCLASS))
    if found.middleware and not _listed(found.middleware):
        hint = f'Add "{found.middleware}" to MIDDLEWARE, right behind Django\'s AuthenticationMiddleware.'
        errors.append(_error("E009", "A session that was ended would go on: its middleware is missing.", hint))
    return [*errors, *_of_user_model(found)]


def _listed(middleware: str) -> bool:
    """Behind the one that makes `request.user`."""
    names = list(settings.MIDDLEWARE)
    before = "django.contrib.auth.middleware.AuthenticationMiddleware"
    return middleware in names and before in names[: names.index(middleware)]


def _of_user_model(found: type[People]) -> list[CheckMessage]:
    model = get_user_model()
    email = model.get_email_field_name()
    try:
        model._meta.get_field(email)
    except FieldDoesNotExist:
        text = f"{model._meta.label} has no column {email}: nobody could be found by an address."
        return [_error("E010", text, "Name the column in EMAIL_FIELD, or override by_email, create and state.")]
    demanded = [name for name in model.REQUIRED_FIELDS if name != email]
    if demanded and found.create is People.create:
        text = f"{model._meta.label} demands {', '.join(demanded)} of a new user, which nobody would fill in."
        return [_error("E011", text, f"Override create in {found.__module__}.{found.__qualname__}.")]
    return []


@register()
def backend_is_listed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        listed = [import_string(path) for path in settings.AUTHENTICATION_BACKENDS]
    except ImportError:
        # Django itself says so, more loudly.
        return []
    if any(isinstance(each, type) and issubclass(each, ProviderBackend) for each in listed):
        return []
    text = "Nobody could sign in through a provider: its backend is missing."
    lines = ", ".join(f'"{path}"' for path in (*settings.AUTHENTICATION_BACKENDS, BACKEND))
    return [_error("E005", text, f"Write into the settings: AUTHENTICATION_BACKENDS = [{lines}]")]


def _error(number: str, text: str, hint: str) -> CheckMessage:
    return Error(text, hint=hint, id=f"oidc_login.{number}")
