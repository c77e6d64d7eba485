"""When two addresses are one, and what is no address."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from fairlead.email_address import InvalidAddress, canonical


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ("Person@Example.ORG", "person@example.org"),
        ("a+tag.x@sub.example.org", "a+tag.x@sub.example.org"),
        ("person@b\u00fccher.example", "person@xn--bcher-kva.example"),
        ("person@XN--BCHER-KVA.example", "person@xn--bcher-kva.example"),
        ("person@localhost", "person@localhost"),
        ("o'neill@example.org", "o'neill@example.org"),
    ],
)
def test_the_canonical_form(entered, expected):
    assert canonical(entered) == expected


@pytest.mark.parametrize(
    "entered",
    [
        "per\u017fon@example.org",
        "\uff50erson@example.org",
        "p\u0435rson@example.org",
        "person@\uff45xample.org",
        "person@example\u3002org",
        "person@exa\u00admple.org",
        "person@B\u00dcCHER.example",
        "person@exam_ple.org",
        "person@example.org.",
        "person@.example.org",
        "person@xn--zz.example",
        "person@10.0.0.1",
        "person\x00@example.org",
        "person@example.org\n",
        "",
        "@",
        "person",
        "a@" + "b." * 130 + "org",
    ],
)
def test_look_alikes_and_nonsense_are_refused(entered):
    with pytest.raises(InvalidAddress):
        canonical(entered)


@pytest.mark.django_db
def test_the_database_knows_the_canonical_form_however_a_row_is_written():
    User.objects.bulk_create([User(email="Bulk@Example.org")])
    assert User.objects.get(email_canonical="bulk@example.org").email == "Bulk@Example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="bulk@example.ORG")


@pytest.mark.django_db
def test_iexact_would_match_a_look_alike_on_postgresql():
    """Why nobody is looked up by `iexact` here. When this changes, the comment in `emails` may go."""
    User.objects.create_user("person@example.org")
    found = User.objects.filter(email__iexact="per\u017fon@example.org").exists()
    assert found is (connection.vendor == "postgresql")
    assert not User.objects.filter(email_canonical="per\u017fon@example.org").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"status": "unknown"},
        {"is_active": False},
        {"status": "suspended"},
        {"name_source": "x"},
        {"avatar": "profiles/x.webp"},
        {"avatar_source": "upload"},
        {"email_canonical": ""},
    ],
)
def test_invariants_stand_in_the_database(change):
    person = User.objects.create_user("person@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(**change)
