"""Taking the content of messages out of a log, for good; their numbers stay."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from networks.claim import claimed
from networks.errors import Refused
from twin.feeds.log.entry import from_bytes, to_bytes
from twin.feeds.log.frame import MESSAGE, frames, packed
from twin.feeds.log.segments import FIRST_FRAME, MARK, Segment, compress, messages_in, salt_of, segments, sync_folder

BLANKED = "blanked"
"""The header of a message whose content was taken out."""


def blank(folder: Path, numbers: Collection[int]) -> int:
    """Rewrite the segments that hold some messages, without payload, topic (it may name a device) and headers of these.

    Args:
        folder: Of the log.
        numbers: Of the messages.

    Returns:
        How many were there and are blank now.

    Raises:
        Refused: One of them is in the segment that another process is writing to.
    """
    wanted, done = set(numbers), 0
    files = segments(folder)
    for k, segment in enumerate(files):
        until = files[k + 1].first if k + 1 < len(files) else None
        mine = {n for n in wanted if n >= segment.first and (until is None or n < until)}
        if not mine:
            continue
        if segment.closed:
            done += _rewritten(segment, mine)
            continue
        with claimed(folder) as ours:
            if not ours:
                raise Refused(
                    f"message {min(mine)} is in the file that is being written",
                    file=segment.path,
                    remedy="stop recording this feed, or wait until that file is closed",
                )
            done += _rewritten(segment, mine)
    return done


def _rewritten(segment: Segment, numbers: set[int]) -> int:
    """The segment written beside without them, then renamed."""
    done, beside = 0, segment.path.with_suffix(".new")
    with segment.path.open("rb") as old, beside.open("wb") as new:
        salt = salt_of(old)
        if salt is None:
            return 0
        new.write(MARK + salt)
        for frame in frames(old, FIRST_FRAME, salt):
            for number, body in messages_in(frame):
                if body is None:
                    continue
                if number in numbers:
                    body = to_bytes(replace(from_bytes(body), payload=b"", topic="", headers={BLANKED: "yes"}))
                    done += 1
                new.write(packed(MESSAGE, number, 1, body, salt))
        new.flush()
        os.fsync(new.fileno())
    beside.replace(segment.path)
    sync_folder(segment.path.parent)
    if segment.closed:  # until that is done it holds plain frames, which a reader takes as well
        compress(segment)
    return done
