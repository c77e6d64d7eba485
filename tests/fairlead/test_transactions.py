import pytest
from django.db import connection, transaction

from fairlead.transactions import durable


@pytest.mark.django_db(transaction=True)
def test_alone_it_is_durable_and_inside_another_it_is_part_of_that_one() -> None:
    with durable():
        assert connection.atomic_blocks[-1].durable
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic(durable=True):
            pass
    with transaction.atomic(), durable():
        assert not connection.atomic_blocks[-1].durable
