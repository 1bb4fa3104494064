"""Rows made ready to be written; one that no column can hold becomes a dead letter, and the others are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from twin.feeds import Dead, Fault, Told
from twin.store.columns import arrow_of, sorted_out

_MENDED_LINES = 1_000_000
"""Lines of mended messages begin here, so that they hold over those of the first reading."""


def columns_by_table(
    feed: str, rows: Sequence[Told], *, mended: bool = False
) -> tuple[dict[str, pa.Table], list[Dead]]:
    """Rows as one Arrow table for each of their tables, and the messages whose rows cannot be kept."""
    tables: dict[str, pa.Table] = {}
    spoilt: dict[int, Dead] = {}
    for series, told in sorted_out(rows).items():
        placed = [(number, line + _MENDED_LINES, row) for number, line, row in told] if mended else told
        try:
            tables[series] = arrow_of(series, feed, placed)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            tables[series] = _good_ones(series, feed, placed, spoilt)
    return tables, list(spoilt.values())


def _good_ones(series: str, feed: str, rows: Sequence[tuple[int, int, object]], spoilt: dict[int, Dead]) -> pa.Table:
    good: list[pa.Table] = []
    for row in rows:
        try:
            good.append(arrow_of(series, feed, [row]))  # type: ignore[list-item]
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            fault = Fault(f"{series}, row {row[1]}", f"cannot be kept: {error}"[:500], "a value that its column holds")
            before = spoilt.get(row[0]) or Dead(feed, row[0], datetime.now(UTC), "", ())
            spoilt[row[0]] = replace(before, faults=(*before.faults, fault))
    return pa.concat_tables(good) if good else arrow_of(series, feed, [])


def one_each(dead: Sequence[Dead]) -> list[Dead]:
    """Letters of the same message as one, with all their faults."""
    found: dict[int, Dead] = {}
    for one in dead:
        before = found.get(one.number)
        found[one.number] = one if before is None else replace(before, faults=(*before.faults, *one.faults))
    return list(found.values())
