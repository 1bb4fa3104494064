"""Rows as Arrow columns: each row class's fields, then which message of which feed told it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

import pyarrow as pa

from networks.errors import NotThere
from twin.feeds import KINDS, TABLE_OF, Kind, Record, Told

_TIME = pa.timestamp("us", "UTC")
_JSON = "json"
_TYPES: dict[str, Any] = {
    "str": pa.string(),
    "datetime": _TIME,
    "datetime | None": _TIME,
    "float": pa.float64(),
    "float | None": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "Mapping[str, Any]": _JSON,
    "Mapping[str, str]": _JSON,
    "Mapping[str, Any] | None": _JSON,
    "tuple[float, float, float, float]": _JSON,
}
"""A field's type -> its column's; mappings and boxes are JSON text."""

LINEAGE = pa.schema([("feed", pa.string()), ("number", pa.int64()), ("line", pa.int64())])
"""The feed, the message's number in its log, and which row of the message (0, 1, ...)."""


def kind_of(series: str) -> Kind:
    """How a table is kept.

    Raises:
        NotThere: There is no such table.
    """
    if series not in KINDS:
        raise NotThere(f"there is no table {series!r}", expected=", ".join(KINDS))
    return KINDS[series]


@cache
def columns_of(series: str) -> pa.Schema:
    """A table's columns; raises as `kind_of`."""
    own = [(one.name, _stored(one.type)) for one in fields(kind_of(series).row)]
    return pa.schema([*own, *LINEAGE])


def _stored(told: Any) -> Any:
    return pa.string() if _TYPES[str(told)] is _JSON else _TYPES[str(told)]


@cache
def _json_columns(series: str) -> frozenset[str]:
    return frozenset(one.name for one in fields(KINDS[series].row) if _TYPES[str(one.type)] is _JSON)


def as_text(value: Any) -> str | None:
    """A mapping or a box as JSON: the same value, the same text."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str) if value else "{}"


def arrow_of(series: str, feed: str, rows: Sequence[tuple[int, int, Record]]) -> pa.Table:
    """Rows of one table, as (number, line, row), in their order.

    Raises:
        pa.ArrowException, TypeError, ValueError: A row holds what its class does not allow.
    """
    schema = columns_of(series)
    own = schema.names[: -len(LINEAGE)]
    told = list(zip(*map(attrgetter(*own), (row for _, _, row in rows)), strict=True)) or [()] * len(own)
    columns = []
    for name, values in zip(own, told, strict=True):
        kept = [as_text(value) for value in values] if name in _json_columns(series) else values
        columns.append(pa.array(kept, schema.field(name).type))
    numbers, lines = ([row[place] for row in rows] for place in (0, 1))
    lineage = [pa.repeat(pa.scalar(feed), len(rows)), pa.array(numbers, pa.int64()), pa.array(lines, pa.int64())]
    return pa.Table.from_arrays([*columns, *lineage], schema=schema)


def sorted_out(rows: Sequence[Told]) -> dict[str, list[tuple[int, int, Record]]]:
    """Rows by table, each with its line in its message."""
    found: dict[str, list[tuple[int, int, Record]]] = {}
    before, line = -1, 0
    for number, row in rows:
        line = line + 1 if number == before else 0
        before = number
        found.setdefault(TABLE_OF[type(row)], []).append((number, line, row))
    return found


def records_of(series: str, table: pa.Table) -> Iterator[Record]:
    """The rows of an Arrow table as what they were: the other way round of `arrow_of`."""
    kind, text = kind_of(series), _json_columns(series)
    names = [one.name for one in fields(kind.row)]
    for row in table.select(names).to_pylist():
        for name in text:
            row[name] = None if row[name] is None else json.loads(row[name])
        if series == "frames":
            row["box"] = tuple(row["box"])
        yield kind.row(**row)
