"""Quantiles that the database computes, on PostgreSQL and on SQLite."""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.signals import connection_created
from django.db.models import Aggregate, FloatField
from django.db.models.sql.compiler import SQLCompiler

from agents.engine.confidence import statistics

_IN_SQLITE: Final = "umam_quantile"


class Quantile(Aggregate):
    """The quantile ``at`` of a column of numbers or durations, with linear interpolation; None without values."""

    name = "Quantile"

    def __init__(self, expression: Any, at: float, **extra: Any) -> None:
        if not 0.0 <= at <= 1.0:
            raise ValueError(f"There is no quantile at {at}.")
        super().__init__(expression, **{"output_field": FloatField(), **extra})
        self.at = at

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self._as(f"PERCENTILE_CONT({self.at}) WITHIN GROUP (ORDER BY %(expressions)s)").as_sql(
            compiler, connection, **context
        )

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self._as(f"{_IN_SQLITE}(%(expressions)s, {self.at})").as_sql(compiler, connection, **context)

    def _as(self, template: str) -> Quantile:
        found: Quantile = self.copy()
        found.template = template
        return found


class _Quantile:
    """The aggregate for SQLite, which has none."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._at = 0.0

    def step(self, value: float | None, at: float) -> None:
        self._at = at
        if value is not None:
            self._values.append(value)

    def finalize(self) -> float | None:
        return statistics.quantile(self._values, self._at)


def _register(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate(_IN_SQLITE, 2, _Quantile)


def listen() -> None:
    """Give each new connection to SQLite the aggregate."""
    connection_created.connect(_register, dispatch_uid="agents.common.quantiles")
