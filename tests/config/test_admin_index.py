"""The administration's first page and its one box."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Session, User
from config import admin_find, admin_index
from fairlead.audit.models import AuditEvent, Refusal
from fairlead.orgs import api_keys, organizations
from fairlead.web.models import OutgoingMail
from oidc_login.models import Provider
from sdkclients import clients
from userpools import pools

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    client = Client()
    client.force_login(User.objects.create_superuser("chief@example.org", "a long enough password"))
    return client


def staff(*rights):
    user = User.objects.create_user("clerk@example.org", "a long enough password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def jobs(client):
    """By title: text to number and address."""
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return {job.title: {each.text: each for each in job.lines} for job in answer.context["jobs"]}


def furnish():
    for number in range(3):
        User.objects.create_user(f"waiting-{number}@example.org", None, status="pending")
    shop = organizations.create("Example Shop")
    Provider.objects.create(slug="on", name="On", issuer="https://on.example.org", client_id="x")
    Provider.objects.create(slug="off", name="Off", issuer="https://off.example.org", client_id="x", enabled=False)
    return shop, pools.create(shop, name="Customers"), clients.create_service(shop, name="Importer")


def test_numbers_stand_beside_what_there_is_to_do(office):
    furnish()
    Refusal.objects.create(id="r1", code="throttled", cause="", source="192.0.2.1", hour=timezone.now())
    Refusal.objects.create(
        id="r2", code="throttled", cause="", source="192.0.2.2", hour=timezone.now(),
        at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    gone = timezone.now()
    OutgoingMail.objects.create(kind="approved", state="given up", give_up_at=gone, ended_at=gone)
    found = jobs(office)
    numbers = {(title, text): each.number for title, lines in found.items() for text, each in lines.items()}
    assert numbers[("People", "People")] == "4"
    assert numbers[("People", "Waiting for approval")] == "3"
    assert numbers[("Sign-in providers", "Enabled")] == "1"
    assert numbers[("Sign-in providers", "Not enabled")] == "1"
    assert numbers[("Organizations", "API keys that are not revoked")] == "1"
    assert numbers[("Pools and clients", "User pools")] == "1"
    assert numbers[("Record", "Refusals of the last 24 hours")] == "1"
    assert found["People"]["Waiting for approval"].urgent
    assert numbers[("Health", "Mails given up")] == "1"
    assert found["Health"]["Mails given up"].urgent
    assert not found["Pools and clients"]["Keys not reachable"].urgent


def test_each_line_leads_to_the_list_it_counts(office):
    furnish()
    for lines in jobs(office).values():
        for each in lines.values():
            answer = office.get(each.address, follow=True)
            assert answer.status_code == 200
            counted = answer.context.get("cl")
            # A lookup that the list does not know would lead to ?e=1.
            assert "e=1" not in "".join(address for address, _status in answer.redirect_chain)
            if counted is not None and each.number and "24 hours" not in each.text:
                assert str(counted.result_count) == each.number, each


def test_much_is_not_counted_to_the_end(office, monkeypatch):
    monkeypatch.setattr(admin_index, "_MOST", 2)
    furnish()
    assert jobs(office)["People"]["People"].number == "more than 2"
    assert jobs(office)["Sign-in providers"]["Enabled"].number == "1"


def test_who_may_see_little_sees_little_and_every_list_stays_reachable(office):
    furnish()
    clerk = staff("view_userpool")
    assert list(jobs(clerk)) == ["Pools and clients"]
    page = clerk.get("/admin/")
    assert not page.context["chart"]
    assert "/admin/userpools/userpool/" in page.content.decode()
    text = office.get("/admin/").content.decode()
    for model in ("accounts/user", "fairlead_idtokens/remotedocument", "auth/group", "oidc_login/identity"):
        assert f'href="/admin/{model}/"' in text


def test_the_chart_counts_sign_ins_and_refusals_of_people_by_day(office):
    now = timezone.now()
    for days, times in ((0, 2), (3, 1), (13, 4), (14, 9)):
        for _ in range(times):
            AuditEvent.objects.create(event="signed_in", at=now - timedelta(days=days))
    AuditEvent.objects.create(event="registered", at=now)
    shop = organizations.create("Example Shop")
    for number, more in enumerate(({"count": 5}, {"key_prefix": "flk_abcdef", "organization": shop.pk})):
        Refusal.objects.create(
            id=f"r{number}", code="throttled", cause="", source="x", nth=number, hour=now, at=now, **more
        )
    text = office.get("/admin/").content.decode()
    rows = dict(re.findall(r'datetime="([^"]+)">[^<]+</time></th><td>([\d,]+</td><td>[\d,]+)</td>', text))
    today = datetime.now(UTC).date()
    assert len(rows) == 14
    assert rows[str(today)] == "3</td><td>5"  # and whoever looks
    assert rows[str(today - timedelta(days=3))] == "1</td><td>0"
    assert rows[str(today - timedelta(days=13))] == "4</td><td>0"
    assert 'role="img"' in text
    assert not re.search(r"\sstyle=|<style", text)


def find(client, term):
    return client.get("/admin/find/", {"q": term})


def test_an_id_leads_to_its_row(office):
    shop, pool, (service, _minted) = furnish()
    person = User.objects.first()
    session = Session.objects.create(
        user=person, kind="web", device="x", method="password", started_at=timezone.now(),
        authenticated_at=timezone.now(), last_seen_at=timezone.now(), expires_at=timezone.now(),
    )  # fmt: skip
    Refusal.objects.create(id="0123456789abcdef0123456789abcdef", code="x", cause="", source="x", hour=timezone.now())
    for term, page in (
        (shop.pk, f"fairlead_orgs/organization/{shop.pk}"),
        (pool.pk, f"userpools/userpool/{pool.pk}"),
        (service.pk, f"sdkclients/sdkclient/{service.pk}"),
        (person.pk, f"accounts/user/{person.pk}"),
        (session.pk, f"accounts/session/{session.pk}"),
        ("0123456789abcdef0123456789abcdef", "fairlead_audit/refusal/0123456789abcdef0123456789abcdef"),
        (f"  {shop.pk} ", f"fairlead_orgs/organization/{shop.pk}"),
    ):
        assert find(office, str(term))["Location"] == f"/admin/{page}/change/"


def test_an_address_or_a_name_that_only_one_has_leads_there_and_others_are_listed(office):
    shop, _pool, _client = furnish()
    person = User.objects.get(email="waiting-1@example.org")
    assert find(office, "waiting-1@example.org")["Location"] == f"/admin/accounts/user/{person.pk}/change/"
    # Its pools, keys and clients are found by its name too; the one that is called so goes first.
    assert find(office, "example shop")["Location"] == f"/admin/fairlead_orgs/organization/{shop.pk}/change/"
    assert [each.title for each in find(office, "Example Sh").context["found"]] == [
        "Organizations",
        "User pools",
        "SDK clients",
        "API keys",
    ]
    listed = find(office, "waiting")
    assert listed.status_code == 200
    assert [(each.title, len(each.rows)) for each in listed.context["found"]] == [("People", 3)]
    assert listed.context["found"][0].address == "/admin/accounts/user/?q=waiting"


def test_what_only_the_record_knows_is_found_there(office):
    from fairlead.audit import addresses

    Refusal.objects.create(
        id="r1", code="throttled", cause="", source="192.0.2.1", hour=timezone.now(),
        address_hmac=addresses.digest("gone@example.org"),
    )  # fmt: skip
    for term in ("gone@example.org", "192.0.2.1", "throttled"):
        found = find(office, term).context["found"]
        assert [(each.title, each.rows) for each in found] == [("Refusals", [])]
        assert office.get(found[0].address).context["cl"].result_count == 1


def test_a_pasted_api_key_is_shown_nowhere(office):
    shop = organizations.create("Example Shop")
    key, minted = api_keys.make(shop, name="backend")
    answer = find(office, minted.plaintext)
    assert answer["Location"] == f"/admin/fairlead_orgs/apikey/{key.pk}/change/"
    key.delete()
    answer = find(office, minted.plaintext)
    assert answer.status_code == 200
    assert minted.plaintext not in answer.content.decode()


@pytest.mark.parametrize("term", ["", " ", "\0", "%", "x" * 5000, "nobody has this", "ff" * 16])
def test_what_nobody_has_is_not_found_and_no_fault(office, term):
    answer = find(office, term)
    assert answer.status_code == 200
    assert answer.context["found"] == []
    assert len(answer.context["term"]) <= admin_find.LONGEST


def test_who_may_not_see_a_row_does_not_find_it(office):
    shop, pool, _client = furnish()
    clerk = staff("view_userpool")
    assert find(clerk, str(pool.pk)).status_code == 302
    for term in (str(shop.pk), "Importer", "waiting-1@example.org"):
        assert find(clerk, term).context["found"] == []
    assert Client().get("/admin/find/").status_code == 302
