"""What `manage.py check` says about people."""

from io import StringIO

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from accounts import checks
from accounts.backends import PasswordBackend
from accounts.middleware import OpenSessionMiddleware
from accounts.people import People
from tests.configure import configure

AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
OPEN_SESSION = "accounts.middleware.OpenSessionMiddleware"


class OwnPeople(People):
    pass


class OwnOpenSession(OpenSessionMiddleware):
    pass


class OwnAuthentication(AuthenticationMiddleware):
    pass


class OwnBackend(PasswordBackend):
    pass


def said():
    """What the command prints where it errs."""
    with pytest.raises(CommandError) as raised:
        call_command("check", stdout=StringIO(), stderr=StringIO())
    return str(raised.value)


def without(listed, *gone):
    """Neither these nor what the site derives from them."""
    classes = tuple(import_string(each) for each in gone)
    return [each for each in listed if not issubclass(import_string(each), classes)]


def test_site_is_in_order():
    call_command("check", stdout=StringIO())


@pytest.mark.parametrize(
    "order", [[AUTHENTICATION], [OPEN_SESSION], [OPEN_SESSION, AUTHENTICATION], []], ids=["missing", "alone", "before", "none"]
)  # fmt: skip
def test_forgotten_or_misplaced_middleware_is_an_error_with_the_line_to_paste(settings, order):
    settings.MIDDLEWARE = [*without(settings.MIDDLEWARE, AUTHENTICATION, OPEN_SESSION), *order]
    text = said()
    assert "accounts.E005" in text
    assert f'"{OPEN_SESSION}",' in text


def test_middlewares_of_their_own_will_do(settings):
    rest = without(settings.MIDDLEWARE, AUTHENTICATION, OPEN_SESSION)
    settings.MIDDLEWARE = [*rest, f"{__name__}.OwnAuthentication", "no.such.thing", f"{__name__}.OwnOpenSession"]
    assert checks.sessions_can_be_ended(None) == []


def test_forgotten_backend_is_an_error_with_the_line_to_paste(settings):
    settings.AUTHENTICATION_BACKENDS = without(settings.AUTHENTICATION_BACKENDS, "accounts.backends.PasswordBackend")
    text = said()
    assert "accounts.E006" in text
    assert '"accounts.backends.PasswordBackend",' in text
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.OwnBackend"]
    assert checks.passwords_are_checked(None) == []


@pytest.mark.parametrize("path", ["oidc_login.people.People", "accounts.nowhere.People", "accounts.models.User", ""])
def test_people_of_another_kind_are_an_error_with_the_line_to_paste(settings, path):
    configure(settings, PEOPLE=path)
    (found,) = checks.people_are_ours(None)
    assert (found.id, found.level) == ("accounts.E004", 40)
    assert '"PEOPLE": "accounts.people.People"' in found.hint


def test_people_of_their_own_will_do(settings):
    configure(settings, PEOPLE=f"{__name__}.OwnPeople")
    assert checks.people_are_ours(None) == []


def test_other_users_beside_accounts_are_an_error(settings):
    settings.AUTH_USER_MODEL = "auth.User"
    (found,) = checks.people_are_ours(None)
    assert found.id == "accounts.E003"
    assert 'AUTH_USER_MODEL = "accounts.User"' in found.hint


def test_unusable_settings_are_named(settings):
    configure(settings, ADMIN_EMAIL="owner", SIGNUP_EMAIL_DOMAINS=("example.org", "ex ample"), TRUST_LOCAL_EMAIL=True)
    found = [
        checks.admin_email_is_an_address(None),
        checks.signup_domains_are_domains(None),
        checks.typed_addresses_are_not_trusted(None),
    ]
    assert [each.id for (each,) in found] == ["accounts.E001", "accounts.E002", "accounts.W003"]
