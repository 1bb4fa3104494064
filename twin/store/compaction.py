"""Many small parts of a day merged into few, sorted and without what was told twice; no row that holds is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from networks.errors import StorageFailed
from twin.store.latest import latest
from twin.store.parts import Part, remove, write_parts
from twin.store.reading import rows_between, slices


def crowded(parts: Iterable[Part], least: int) -> Iterator[list[Part]]:
    """Parts that should become fewer: of one table, day and feed, the new ones and merged ones of the same time."""
    by = sorted(parts, key=_home)
    for _, together in groupby(by, key=_home):
        group = list(together)
        new = [part for part in group if not part.merged]
        if len(new) < max(2, least):
            continue
        begin, last = min(part.begin_us for part in new), max(part.last_us for part in new)
        yield [*new, *(part for part in group if part.merged and part.begin_us <= last and part.last_us >= begin)]


def merged(folder: Path, group: list[Part]) -> list[Part]:
    """The rows of some parts of one table, day and feed as new parts, in order of event time.

    Raises:
        StorageFailed: The disk is full; nothing new is left.
    """
    series, feed = group[0].series, group[0].feed
    span = (min(part.first for part in group), max(part.end for part in group))
    written: list[Part] = []
    try:
        for between in slices(group):
            rows = latest(series, rows_between(folder, series, group, between), versions=True)
            written += write_parts(folder, series, feed, span, rows, merged=1)
    except StorageFailed:
        remove(folder, written)
        raise
    return written


def _home(part: Part) -> tuple[str, str, str]:
    return part.series, part.day, part.feed
