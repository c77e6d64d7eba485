"""An organization whose calls hang holds its own share of the threads that may wait, and no more."""

from django.test import Client

from fairlead import memory
from fairlead.idtokens import background, issuers
from fairlead.idtokens.models import RemoteDocument
from fairlead.web import put_back
from tests.issuer import KeyServer
from tests.oidc_login.test_waiting import others_wait
from tests.tenants import Tenant, as_user, refused
from userpools.models import UserPool


def test_pool_is_not_made_where_the_organization_has_no_place_left(tenant: Tenant, keys: KeyServer) -> None:
    body = {"name": "Customers", "authorization": {"jwksUri": keys.jwks_uri}}
    with others_wait(4, f"organization:{tenant.organization.pk}"):
        answer = tenant.call("POST", "/org/userPool", body)
        refused(answer, 503, "unavailable")
        assert answer["Retry-After"] == "2"
        # A program comes again by itself.
        assert put_back.NO_PLACE not in answer.wsgi_request.environ
        assert not UserPool.objects.exists()
        assert keys.count() == 0
    assert tenant.call("POST", "/org/userPool", body).status_code == 201


def test_another_organization_finds_its_place(tenant: Tenant, keys: KeyServer) -> None:
    with others_wait(4, "organization:another"):
        body = {"name": "Customers", "authorization": {"jwksUri": keys.jwks_uri}}
        assert tenant.call("POST", "/org/userPool", body).status_code == 201


def test_keys_that_nobody_has_yet_are_waited_for_within_the_share(
    client: Client, tenant: Tenant, keys: KeyServer
) -> None:
    pool = tenant.pool({"jwksUri": keys.jwks_uri})
    client_id = tenant.application(pool["id"])["id"]
    RemoteDocument.objects.all().delete()
    # Somebody fetches them, and is not done while we look.
    issuers.start_again(run=lambda work, share: True)
    mine = f"organization:{tenant.organization.pk}"
    with others_wait(4, mine), others_wait(2, "organization:another"):
        answer = as_user(client, keys.issuer.token(), client_id)
        refused(answer, 503, "keys_unavailable")
        assert answer["Retry-After"] == "2"
    issuers.start_again(run=background.inline)
    memory.forget_everything()
    assert as_user(client, keys.issuer.token(), client_id).status_code == 200
