import pytest
from django.db import transaction

from fairlead.idtokens import outbound
from fairlead.idtokens.errors import FetchRefused
from tests.configure import configure


def test_each_kind_of_caller_has_its_own_private_origins(settings):
    configure(settings, OIDC_PRIVATE_ORIGINS=("http://localhost:9000",))
    configure(settings, POOL_PRIVATE_ORIGINS=("http://localhost:9001",))
    outbound.providers().check_url("http://localhost:9000/keys")
    outbound.pools().check_url("http://localhost:9001/keys")
    with pytest.raises(FetchRefused, match="OIDC_PRIVATE_ORIGINS"):
        outbound.providers().check_url("http://localhost:9001/keys")
    with pytest.raises(FetchRefused, match="POOL_PRIVATE_ORIGINS"):
        outbound.pools().check_url("http://localhost:9000/keys")


@pytest.mark.django_db
def test_the_suite_refuses_an_outbound_call_inside_a_transaction():
    with transaction.atomic(), pytest.raises(AssertionError, match="inside a database transaction"):
        outbound.pools().get_json("https://issuer.example/keys?secret")


@pytest.mark.django_db
def test_the_block_around_a_test_itself_is_no_transaction_of_ours(settings):
    configure(settings, OUTBOUND_CA_BUNDLE="/nonexistent")
    with pytest.raises(FetchRefused, match="OUTBOUND_CA_BUNDLE"):
        outbound.pools().get_json("https://issuer.example/keys")
