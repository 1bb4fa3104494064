"""A process that takes message after message until it is killed: `python taking_for_ever.py FOLDER [URL]`."""

from __future__ import annotations

import sys
from pathlib import Path

from city_rows import seen

from twin.feeds import Told
from twin.store import FeedStore

SPAN = 5


def rows_of(first: int, end: int) -> list[Told]:
    """What messages say: two rows each, of which the second corrects a row of the message before."""
    rows: list[Told] = []
    for n in range(first, end):
        rows += [(n, seen(f"E{n}", result=float(n), told=n)), (n, seen(f"E{max(0, n - 1)}", result=-float(n), told=n))]
    return rows


if __name__ == "__main__":
    with FeedStore(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None) as store:
        while True:
            position = store.position("a")
            store.take("a", position, position + SPAN, rows_of(position, position + SPAN), [])
            print(position + SPAN, flush=True)
            if position % 50 == 0:
                store.compact(least=4)
