"""Old messages leave a log by whole segments."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path

from twin.feeds.log.reading import LogReader
from twin.feeds.log.segments import segments, sync_folder


def expire(folder: Path, before: datetime, below: int | None = None) -> range:
    """Remove the segments of a log whose messages were all received before a time; the newest always stays.

    Args:
        folder: Of the log.
        before: UTC.
        below: Messages from this number on stay (those that no store has yet).

    Returns:
        Numbers that are gone now; empty where none is.
    """
    files, reader = segments(folder), LogReader(folder)
    first = gone = files[0].first if files else 0
    for segment, following in pairwise(files):
        began = reader.began(following)
        if began is None or began > before or (below is not None and following.first > below):
            break
        segment.path.unlink(missing_ok=True)
        gone = following.first
    if gone > first:
        sync_folder(folder)
    return range(first, gone)
