"""Staff with a single right, that to look at one kind of rows: its pages open, and offer nothing to change."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.models import Session, SignInPolicy, User
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.idtokens.models import RemoteDocument
from fairlead.orgs import api_keys, organizations
from fairlead.web.models import OutgoingMail
from oidc_login.models import ExpectedIdentity, Identity, Provider
from sdkclients.models import SdkClient
from userpools.models import AppUser, UserPool

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
LATER = timedelta(hours=1)


def rows() -> dict[type[Model], Model]:
    """One row of every kind that the administration shows."""
    organization = organizations.create("First Organization", admin=User.objects.create_user("m@example.org"))
    key, _minted = api_keys.make(organization, name="backend")
    pool = UserPool.objects.create(
        organization=organization, name="Customers", hosted=False, jwks_uri="https://id.example.org/jwks"
    )
    person = User.objects.create_user("person@example.org", PASSWORD)
    issuer = "https://id.example.org"
    made: list[Model] = [
        organization,
        key,
        pool,
        person,
        AppUser.objects.create(pool=pool, external_id="user-1"),
        SdkClient.objects.create(organization=organization, name="Web", kind="application", pool=pool),
        Group.objects.create(name="Desk"),
        AuditEvent.objects.latest("pk"),
        Refusal.objects.create(id="1" * 32, code="expired", cause="token.expired", hour=timezone.now()),
        OutgoingMail.objects.create(kind="reset_password", give_up_at=timezone.now() + LATER),
        RemoteDocument.objects.create(kind="jwks", url=f"{issuer}/jwks", next_fetch_at=timezone.now()),
        SignInPolicy.objects.get_or_create(pk=1)[0],
        Identity.objects.create(user=person, issuer=issuer, subject="1"),
        ExpectedIdentity.objects.create(
            user=person, issuer=issuer, address="p@example.org", expires_at=timezone.now() + LATER
        ),
        Session.objects.create(
            user=person,
            kind="web",
            method="password",
            started_at=timezone.now(),
            authenticated_at=timezone.now(),
            last_seen_at=timezone.now(),
            expires_at=timezone.now() + LATER,
        ),
        Provider.objects.create(slug="second", name="Second", issuer=issuer, client_id="fairlead"),
    ]
    return {type(each): each for each in made}


def looker(kind: type[Model]) -> Client:
    user = User.objects.create_user(f"{secrets.token_hex(4)}@example.org", PASSWORD, is_staff=True)
    codename = get_permission_codename("view", kind._meta)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label=kind._meta.app_label, codename=codename)
    )
    browser = Client()
    browser.force_login(user)
    return browser


def test_every_kind_of_row_opens_to_whoever_may_only_look(db: Any) -> None:
    shown = rows()
    assert set(shown) == set(admin.site._registry)
    for kind, row in shown.items():
        browser = looker(kind)
        place = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/"
        for page in (place, f"{place}{row.pk}/change/", f"{place}{row.pk}/history/"):
            answer = browser.get(page, follow=True)
            assert answer.status_code == 200, page
            assert b'name="_save"' not in answer.content, page
        before = kind._default_manager.filter(pk=row.pk).values().get()
        browser.post(f"{place}{row.pk}/change/", {"name": "Mine", "slug": "mine", "email": "mine@example.org"})
        browser.post(f"{place}{row.pk}/delete/", {"post": "yes"})
        assert kind._default_manager.filter(pk=row.pk).values().get() == before, page


def test_nothing_opens_to_whoever_has_another_right(db: Any) -> None:
    browser = looker(Group)
    for kind, row in rows().items():
        place = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/"
        if kind is not Group:
            assert browser.get(f"{place}{row.pk}/change/").status_code == 403, place
