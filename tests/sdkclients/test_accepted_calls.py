"""Calls of app users that were let in are counted by day, organization, pool and client, beside the refused ones."""

import uuid

import pytest
from django.db import OperationalError

from fairlead.audit import calls_of_day, token_doors
from fairlead.audit.models import CallsOfDay, Refusal
from tests.tenants import as_user, refused

pytestmark = pytest.mark.django_db


def counts():
    rows = CallsOfDay.objects.all()
    return {(row.code, str(row.organization), str(row.pool), str(row.client)): row.count for row in rows}


def test_each_call_counts_for_its_client_and_is_written_in_the_round(tenant, keys, django_assert_num_queries):
    pool = tenant.pool({"jwksUri": keys.jwks_uri, "issuer": keys.issuer.url, "audience": "client-1"})
    client_id = tenant.application(pool["id"])["id"]
    token = keys.issuer.token(sub="person-1", aud="client-1")
    assert as_user(tenant.client, token, client_id).status_code == 200
    with django_assert_num_queries(0):
        for _ in range(3):
            assert as_user(tenant.client, token, client_id).status_code == 200
    refused(as_user(tenant.client, keys.issuer.token(sub="p", aud="another"), client_id), 401, "wrong_audience")
    token_doors.flush()
    whose = (str(tenant.organization.pk), pool["id"], client_id)
    assert counts() == {("ok", *whose): 4, ("wrong_audience", *whose): 1}
    assert not Refusal.objects.filter(code="ok").exists()
    as_user(tenant.client, token, client_id)
    for _ in range(2):
        token_doors.flush()
        assert counts()["ok", *whose] == 5


def test_a_token_of_a_hosted_pool_counts_without_a_client(tenant):
    pool = tenant.pool()
    issued = tenant.made("/org/appUserIdToken", {"userPoolId": pool["id"], "appUserId": "person-1"})
    assert as_user(tenant.client, issued["appUserIdToken"]).status_code == 200
    token_doors.flush()
    assert counts() == {("ok", str(tenant.organization.pk), pool["id"], "None"): 1}


def test_what_could_not_be_written_is_written_with_the_next_round(monkeypatch):
    organization = uuid.uuid4()

    def away(**_):
        raise OperationalError

    token_doors.accept(organization=organization, pool=organization, client=None)
    with monkeypatch.context() as patched:
        patched.setattr(calls_of_day, "add", away)
        token_doors.flush()
    token_doors.accept(organization=organization, pool=organization, client=None)
    token_doors.flush()
    assert [row.count for row in CallsOfDay.objects.all()] == [2]


def test_beyond_many_clients_the_organization_alone_is_counted(monkeypatch):
    monkeypatch.setattr(calls_of_day, "MOST", 2)
    organization = uuid.uuid4()
    for number in range(4):
        token_doors.accept(organization=organization, pool=uuid.UUID(int=number), client=None)
    token_doors.flush()
    assert sorted((row.pool and row.pool.int, row.count) for row in CallsOfDay.objects.all() if row.pool) == [
        (0, 1),
        (1, 1),
    ]
    assert [row.count for row in CallsOfDay.objects.filter(pool=None)] == [2]
