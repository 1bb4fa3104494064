"""Observations of the feeds' store, as the live loop reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from calibration import Observation

if TYPE_CHECKING:
    from twin.store import FeedStore

_COLUMNS = ("sensor_id", "measure", "begin", "period_s", "result", "quality", "result_time", "synthetic")


def rows_of(
    store: FeedStore, begin: datetime, end: datetime, *, sensors: Collection[str] = (), measures: Collection[str] = ()
) -> Iterator[Observation]:
    """Rows that began in a span, each key once; of some sensors or measures, or of all.

    Raises:
        StorageFailed: The store is away.
    """
    keys = {name: list(values) for name, values in (("sensor_id", sensors), ("measure", measures)) if values}
    table = store.read("observations", begin, end, keys=keys)
    for row in zip(*(table[name].to_pylist() for name in _COLUMNS), strict=True):
        yield Observation(*row)
