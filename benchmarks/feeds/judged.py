"""What the store has of what the broker acknowledged: all of it, once, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.feeds.sending import BEGIN, OF_ONE
from twin.store import FeedStore


@dataclass(frozen=True, slots=True)
class Kept:
    """Observations of the store beside those that were sent.

    Attributes:
        rows: How many the store gives.
        lost: Acknowledged by the broker, and not in the store.
        doubled: Given more than once.
        strange: Given, and never sent.
        said_s: When each message was sent (s since 1970), NaN where it is not in the store; (N).
        number: Of each message in the feed's log, -1 where it is not; (N).
    """

    rows: int
    lost: int
    doubled: int
    strange: int
    said_s: NDArray[np.float64]
    number: NDArray[np.int64]


def kept(store: Path, sent: NDArray[np.int64], rate: int) -> Kept:
    """Compare.

    Args:
        store: Folder of a store that nobody writes to.
        sent: Acknowledged messages, by `benchmarks.feeds.sending`'s number; (A).
        rate: Messages a second, as they were sent.
    """
    total = int(sent.max()) + 1 if len(sent) else 0
    seen = np.zeros(total * OF_ONE, np.uint8)
    said_s, number = np.full(total, np.nan), np.full(total, -1, np.int64)
    rows = strange = 0
    with FeedStore(store) as opened:
        for piece in opened.batches("observations"):
            second = (_s(piece["begin"]) - BEGIN.timestamp()).round().astype(np.int64)
            device = piece["sensor_id"].cast("int64").to_numpy()
            message = second * rate + device // OF_ONE
            good = (message >= 0) & (message < total)
            rows, strange = rows + len(piece), strange + int((~good).sum())
            at = message[good] * OF_ONE + device[good] % OF_ONE
            np.add.at(seen, at, 1)
            said_s[message[good]] = _s(piece["result_time"])[good]
            number[message[good]] = piece["number"].to_numpy()[good]
    counts = seen.reshape(-1, OF_ONE)
    lost = int((counts[sent] == 0).sum()) if total else 0
    return Kept(rows, lost, int(np.maximum(seen, 1).sum() - len(seen)), strange, said_s, number)


def lags_s(found: Kept, looked: list[tuple[float, int]]) -> NDArray[np.float64]:
    """From sending a message to the first look at which the store had it (s); (N) less those it has not.

    Args:
        found: As `kept` told.
        looked: When (s since 1970), and the store's position then; in order.
    """
    times, positions = np.array([one[0] for one in looked]), np.array([one[1] for one in looked])
    there = found.number >= 0
    first = np.searchsorted(positions, found.number[there], side="right")
    inside = first < len(times)
    return times[np.minimum(first, len(times) - 1)][inside] - found.said_s[there][inside]


def _s(column: object) -> NDArray[np.float64]:
    return column.cast("int64").to_numpy() / 1e6  # type: ignore[attr-defined]


def acknowledged(sent: Path) -> NDArray[np.int64]:
    """Numbers of the messages that a sender noted as acknowledged; a torn last line is none."""
    lines = sent.read_text().split("\n")[:-1]
    return np.unique(np.array([int(line) for line in lines if line], np.int64))


def now_s() -> float:
    """Seconds since 1970, by the clock that the messages tell."""
    return datetime.now().timestamp()
