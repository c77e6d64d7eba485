"""A look-up of one row, with the rows joined to it, whose SQL Django makes once instead of for every call.

Making the SQL of a query with three joins takes Django four times as long as the database takes to answer it. This
makes it once per database from an ordinary queryset, keeps it, and only fills in the values. The rows become model
instances by the queryset's own rules. For the few look-ups that every request may wait for, and for nothing else.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections, router
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class _Plan(NamedTuple):
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    converters: Any
    populators: Any
    model: Any
    columns: slice
    names: list[str]


class Prepared(Generic[M]):
    """`make` takes one stand-in per parameter, in the order of `parameters`, and returns the queryset.

    `parameters` are name, field and stand-in: a value of the field's type that occurs nowhere else in the query.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], *parameters: tuple[str, Callable[[], Field], Any]) -> None:
        self._make = make
        self._parameters = parameters
        self._plans: dict[tuple[str, str], _Plan] = {}

    def one(self, **given: Any) -> M | None:
        """The row, or None. Asks for at most one."""
        alias = self._alias()
        connection = connections[alias]
        plan = self._plans.get((alias, connection.vendor)) or self._plan(alias)
        values = list(plan.values)
        fields = {name: field for name, field, _ in self._parameters}
        for place, name in plan.places:
            values[place] = fields[name]().get_db_prep_value(given[name], connection)
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, values)
            found = cursor.fetchone()
        return None if found is None else self._instance(plan, list(found), alias)

    def _alias(self) -> str:
        return router.db_for_read(self._parameters[0][1]().model)

    def _plan(self, alias: str) -> _Plan:
        connection = connections[alias]
        stand_ins = [stand_in for _, _, stand_in in self._parameters]
        compiler = self._make(*stand_ins).using(alias).order_by()[:1].query.get_compiler(alias)
        sql, values = compiler.as_sql()
        places = []
        for name, field, stand_in in self._parameters:
            written = field().get_db_prep_value(stand_in, connection)
            places += [(place, name) for place, value in enumerate(values) if value == written]
        start, end = compiler.klass_info["select_fields"][0], compiler.klass_info["select_fields"][-1] + 1
        plan = _Plan(
            sql=sql,
            values=tuple(values),
            places=tuple(places),
            converters=compiler.get_converters([column for column, _, _ in compiler.select]),
            populators=get_related_populators(  # type: ignore[call-arg] # the stubs are those of a later Django
                compiler.klass_info, compiler.select, alias
            ),
            model=compiler.klass_info["model"],
            columns=slice(start, end),
            names=[column.target.attname for column, _, _ in compiler.select[start:end]],
        )
        self._plans[alias, connection.vendor] = plan
        return plan

    @staticmethod
    def _instance(plan: _Plan, row: list[Any], alias: str) -> Any:
        connection = connections[alias]
        for place, (convert, expression) in plan.converters.items():
            for each in convert:
                row[place] = each(row[place], expression, connection)
        instance = plan.model.from_db(alias, plan.names, row[plan.columns])
        for populator in plan.populators:
            populator.populate(row, instance)
        return instance
