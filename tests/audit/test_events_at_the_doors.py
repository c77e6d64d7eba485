"""Sign-ins, addresses proven by hand, deletions, links, roles and rules: each is on record through its own door."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.orgs import organizations
from fairlead.orgs.models import Membership
from oidc_login.models import Identity, Provider
from tests.configure import configure
from tests.oidc_login.conftest import browser, provider  # noqa: F401 - a provider that follows a script
from tests.tenants import Tenant

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def person():
    return User.objects.create_user("person@example.org", PASSWORD, verified_by="link")


@pytest.fixture
def staff():
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.org", None), "accounts.backends.PasswordBackend")
    return client


def last(event):
    return AuditEvent.objects.filter(event=event).latest("pk")


def test_signing_in_and_out_by_password(client, person):
    client.post("/login", {"email": person.email, "password": PASSWORD})
    assert last("signed_in").actor_id == str(person.pk)
    client.post("/logout")
    assert last("signed_out").actor_id == str(person.pk)
    client.post("/api/auth/login", {"email": person.email, "password": PASSWORD}, content_type="application/json")
    assert last("signed_in").details["kind"] == "api"


def test_signing_in_through_a_provider_and_the_link_it_makes(browser):  # noqa: F811
    browser.exchange(browser.sign_in()["code"])
    user = User.objects.get()
    assert last("registered").subject_id == str(user.pk)
    assert last("identity_linked").details == {"issuer": browser.provider.issuer, "by": "new"}
    assert last("signed_in").details["provider"] == "default"


def test_a_lockout_is_a_refusal_of_the_account(client, person, settings):
    configure(settings, RATE_LIMIT_LOGIN=["5/60"])
    for _ in range(6):
        client.post("/login", {"email": person.email, "password": "wrong"})
    assert Refusal.objects.filter(code="throttled", cause="password.throttled").count() == 1
    assert Refusal.objects.filter(person_id=str(person.pk), cause="password.wrong").count() == 5


def _form(user, **changed):
    return {
        "email": user.email,
        "name": user.name,
        **({"email_verified": "on"} if user.email_verified else {}),
        **{f"{part}-{form}_FORMS": "0" for part in ("session", "identity") for form in ("TOTAL", "INITIAL")},
        **changed,
    }


def test_an_address_proven_by_hand_powers_and_a_deletion(staff):
    user = User.objects.create_user("person@example.org", None)
    page = reverse("admin:accounts_user_change", args=[user.pk])
    assert staff.post(page, _form(user, email_verified="on")).status_code == 302
    event = last("email_verified")
    assert (event.subject_id, event.details["by"]) == (str(user.pk), "operator")
    assert event.actor_id == str(User.objects.get(email="admin@example.org").pk)
    user.refresh_from_db()
    assert staff.post(page, _form(user, is_staff="on")).status_code == 302
    assert last("admin_granted").details == {"changed": ["is_staff"]}
    staff.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    assert last("person_deleted").subject_id == str(user.pk)
    assert not User.objects.filter(pk=user.pk).exists()


def test_the_rules_of_signing_in(staff):
    page = staff.get(reverse("admin:accounts_signinpolicy_changelist"))["Location"]
    sent = {"registration_mode": "disabled", "disable_internal_auth": "unknown", "signup_email_domains": ""}
    assert staff.post(page, sent).status_code == 302
    assert "registration_mode" in last("policy_changed").details["changed"]


def test_a_provider(staff):
    row = Provider.objects.create(slug="acme", name="Acme", issuer="https://op.example.org", client_id="c")
    staff.post(reverse("admin:oidc_login_provider_delete", args=[row.pk]), {"post": "yes"})
    event = last("provider_changed")
    assert (event.subject_id, event.details["deleted"]) == (str(row.pk), True)


def test_a_role_in_an_organization(staff, person):
    shop = organizations.create("Shop")
    row = Membership.objects.create(organization=shop, user=person, role="member")
    page = reverse("admin:fairlead_orgs_organization_change", args=[shop.pk])
    form = {
        "name": shop.name, "slug": shop.slug, "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(row.pk), "memberships-0-user": str(person.pk), "memberships-0-role": "admin",
        "memberships-0-organization": str(shop.pk),
    }  # fmt: skip
    assert staff.post(page, form).status_code == 302
    event = last("membership_changed")
    assert (event.organization, event.details["role"]) == (shop.pk, "admin")


def test_an_identity_taken_away(staff, person):
    row = Identity.objects.create(user=person, issuer="https://op.example.org", subject="s")
    staff.post(reverse("admin:oidc_login_identity_delete", args=[row.pk]), {"post": "yes"})
    assert last("identity_unlinked").subject_id == str(person.pk)


def test_a_sign_in_address_from_the_command_line(person, settings, capsys):
    configure(settings, DISABLE_INTERNAL_AUTH=False)
    call_command("signin_link", person.email)
    assert last("sign_in_link_made").subject_id == str(person.pk)


def test_a_first_password_is_set(browser):  # noqa: F811
    body = browser.exchange(browser.sign_in()["code"]).json()
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    sent = {"newPassword": PASSWORD}
    answer = browser.client.post("/api/auth/set-password", sent, content_type="application/json", headers=bearer)
    assert answer.status_code == 204
    assert last("password_set").actor_id == str(User.objects.get().pk)


def test_a_client_is_made_and_renamed(client):
    tenant = Tenant(client, "Shop")
    made = tenant.application(tenant.pool()["id"])["id"]
    event = last("client_created")
    assert (event.subject_id, event.organization) == (made, tenant.organization.pk)
    assert tenant.call("PATCH", f"/org/sdkClient/{made}", {"name": "Shop"}).status_code == 200
    event = last("client_changed")
    assert (event.subject_id, event.details["fields"]) == (made, ["name"])


def test_the_keys_of_a_pool_are_rotated(client, capsys):
    tenant = Tenant(client, "Shop")
    made = tenant.pool()["id"]
    call_command("rotate_pool_keys", made)
    event = last("pool_keys_rotated")
    assert (event.subject_id, event.organization) == (made, tenant.organization.pk)
