"""Reading parts in slices of event time, so that memory stays flat however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from networks.errors import NotThere, StorageFailed
from twin.store.columns import columns_of, kind_of
from twin.store.latest import latest
from twin.store.parts import Part

SLICE_ROWS = 500_000
"""Rows that are sorted at once: some 100 MB."""

_END_OF_TIME_US = 253_402_300_800_000_000
"""The year 10000."""


def slices(parts: Sequence[Part], rows: int = SLICE_ROWS) -> list[tuple[int, int]]:
    """Spans of event time (microseconds, end left out) that cover all parts, of about so many rows each.

    A part's rows are taken to be spread evenly over its span.
    """
    if not parts:
        return []
    begin, end = min(part.begin_us for part in parts), max(part.last_us for part in parts) + 1
    pieces = max(1, sum(part.rows for part in parts) // rows)
    if pieces == 1:
        return [(begin, end)]
    edges = np.unique([edge for part in parts for edge in (part.begin_us, part.last_us + 1)])
    density = np.zeros(len(edges))
    for part in parts:
        per_us = part.rows / (part.last_us + 1 - part.begin_us)
        density[np.searchsorted(edges, part.begin_us)] += per_us
        density[np.searchsorted(edges, part.last_us + 1)] -= per_us
    before = np.concatenate([[0.0], np.cumsum(np.cumsum(density)[:-1] * np.diff(edges))])
    cuts = np.interp(np.linspace(0, before[-1], pieces + 1)[1:-1], before, edges).astype(np.int64)
    bounds = np.unique([begin, *cuts.tolist(), end]).tolist()
    return list(pairwise(bounds))


def wanted(series: str, keys: Mapping[str, Collection[Any]] | None) -> Any:
    """A filter for columns of the key that must hold one of some values; None: everything.

    Raises:
        NotThere: The key has no such column.
    """
    wish = None
    for name, values in (keys or {}).items():
        if name not in kind_of(series).key:
            raise NotThere(f"the key of {series} has no {name!r}", expected=", ".join(kind_of(series).key))
        one = pc.field(name).isin(pa.array(list(values), columns_of(series).field(name).type))
        wish = one if wish is None else wish & one
    return wish


def rows_between(folder: Path, series: str, parts: Sequence[Part], span: tuple[int, int], wish: Any = None) -> pa.Table:
    """What parts hold of a span of event time (microseconds, end left out), as it was told, in no order.

    Raises:
        StorageFailed: A file that the list names is gone or damaged.
    """
    schema = columns_of(series)
    paths = [str(folder / part.path) for part in parts if part.begin_us < span[1] and part.last_us >= span[0]]
    if not paths:
        return schema.empty_table()
    begin, end = (pa.scalar(edge, pa.int64()).cast(pa.timestamp("us", "UTC")) for edge in span)
    within = (pc.field(kind_of(series).time) >= begin) & (pc.field(kind_of(series).time) < end)
    try:
        dataset = ds.dataset(paths, schema=schema, format="parquet")
        return dataset.to_table(filter=within if wish is None else within & wish, batch_readahead=2)
    except (OSError, pa.ArrowInvalid) as error:
        raise StorageFailed(
            f"parts of {series} cannot be read: {error}",
            file=folder,
            remedy="bring the folder back from a backup: twin restore",
        ) from error


def each_key_once(
    folder: Path, series: str, parts: Sequence[Part], span: tuple[int, int], wish: Any = None
) -> Iterator[pa.Table]:
    """Rows of a span, each key once, in pieces; a table whose key holds no event time (places) comes in one."""
    kind = kind_of(series)
    so_far = columns_of(series).empty_table()
    for begin, end in slices(parts):
        if begin >= span[1] or end <= span[0]:
            continue
        told = rows_between(folder, series, parts, (max(begin, span[0]), min(end, span[1])), wish)
        if kind.time in kind.key:
            if told.num_rows:
                yield latest(series, told)
        else:
            so_far = latest(series, pa.concat_tables([so_far, told]))
    if so_far.num_rows:
        yield so_far


def microseconds_of(moment: datetime) -> int:
    """Since 1970.

    Raises:
        ValueError: The time has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone: say which, e.g. datetime(..., tzinfo=UTC)")

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def span_of(begin: datetime | None, end: datetime | None) -> tuple[int, int]:
    """From one time to another in microseconds; raises as `microseconds_of`."""
    return (
        0 if begin is None else microseconds_of(begin),
        _END_OF_TIME_US if end is None else microseconds_of(end),
    )
