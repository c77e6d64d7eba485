"""Passwords that were hashed elsewhere: accepted once, then hashed as here."""

import logging

import pytest
from django.contrib.auth import hashers

from accounts.models import User
from config import settings as site
from tests.accounts.conftest import PASSWORD, refused

pytestmark = pytest.mark.django_db
# Of `correct horse battery`, as Django writes them, with fewer rounds so that the suite stays quick.
OLD = {
    "pbkdf2_sha256": "pbkdf2_sha256$1000$oldsaltoldsaltoldsalt1$rr06m2RxDvddHTd2wjwFyvDCEb7Huu6QtnbGKJzS54o=",
    "pbkdf2_sha1": "pbkdf2_sha1$1000$oldsaltoldsaltoldsalt1$1svPHfSP1PyvaPCWgz3VWAONGfY=",
    "scrypt": "scrypt$1024$oldsaltoldsaltoldsalt1$8$5$vzhZUrz+Nu9Rvf4PftqYCi2X3gnwtxqhSKjShhWOqI6MxNsk9Gu6mCq0+lxLscjdwvAm0yHdLlSB2Hq5WX0/Fw==",
}


@pytest.fixture(autouse=True)
def _hashers_of_the_site(settings):
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS


@pytest.mark.parametrize("kind", OLD)
def test_older_hash_is_accepted_and_replaced(api, kind):
    User.objects.create_user("person@example.org", None)
    User.objects.update(password=OLD[kind])
    refused(api.login(password="wrong"), 401, "invalid_credentials")
    assert User.objects.get().password == OLD[kind]
    assert api.login().status_code == 200
    assert hashers.identify_hasher(User.objects.get().password).algorithm == "argon2"
    assert api.login().status_code == 200
    refused(api.login(password="wrong"), 401, "invalid_credentials")


def test_new_passwords_are_argon2():
    assert hashers.get_hasher().algorithm == "argon2"
    assert hashers.make_password(PASSWORD).startswith("argon2$argon2id$")


@pytest.mark.parametrize("stored", ["crypt$xx$nothing", "md5", "{SSHA}nothing"])
def test_hash_of_an_unknown_kind_is_refused_and_the_log_says_why(api, person, caplog, stored):
    User.objects.update(password=stored)
    with caplog.at_level(logging.WARNING, logger="accounts.backends"):
        refused(api.login(), 401, "invalid_credentials")
    (told,) = [record for record in caplog.records if record.name == "accounts.backends"]
    assert (told.user, told.kind) == (person.pk, "crypt" if "$" in stored else "unknown")
    assert stored not in told.getMessage()


@pytest.mark.parametrize("email", ["nobody@example.org", "provider-only@example.org", "person@example.org"])
def test_every_refusal_costs_one_hash_of_the_first_kind(api, person, email, monkeypatch):
    User.objects.create_user("provider-only@example.org", None)
    User.objects.filter(pk=person.pk).update(password=hashers.make_password(PASSWORD))
    hashed = []
    first = type(hashers.get_hasher())
    for name in ("encode", "verify"):
        original = getattr(first, name)
        monkeypatch.setattr(
            first, name, lambda *args, _original=original, **kw: hashed.append(1) or _original(*args, **kw)
        )
    refused(api.login(email, "wrong"), 401, "invalid_credentials")
    assert len(hashed) == 1
