"""Each key once: of rows with the same key the one that was told last."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from twin.store.columns import kind_of
from twin.store.parts import microseconds


def latest(series: str, table: pa.Table, *, versions: bool = False) -> pa.Table:
    """Rows of a table, each key once, in order of event time and then key.

    Of equal keys the one with the latest `told` holds; told at the same time: the higher number of message, line and
    name of feed.

    Args:
        series: The table's name.
        table: Its rows, in any order.
        versions: The event time is part of the key even where it is not (places: each time they were told is kept).
    """
    kind = kind_of(series)
    if table.num_rows < 2:
        return table
    key = list(dict.fromkeys([kind.time, *kind.key] if versions or kind.time in kind.key else kind.key))
    ranks = [_ranks(table[name]) for name in (*key, kind.told, "number", "line", "feed")]
    order = np.lexsort(ranks[::-1])
    last = np.zeros(table.num_rows, dtype=np.bool_)
    last[-1] = True
    for rank in ranks[: len(key)]:
        placed = rank[order]
        last[:-1] |= placed[1:] != placed[:-1]
    return table.take(pa.array(order[last]))


def _ranks(column: Any) -> NDArray[np.int64]:
    """Numbers that sort as the column's values do."""
    if pa.types.is_timestamp(column.type):
        return microseconds(column).to_numpy()
    if pa.types.is_integer(column.type):
        return column.to_numpy()
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    place = np.empty(len(coded.dictionary), dtype=np.int64)
    place[pc.sort_indices(coded.dictionary).to_numpy()] = np.arange(len(place))
    return place[coded.indices.to_numpy()]
