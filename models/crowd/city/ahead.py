"""Reading ahead: what many walkers will need is asked of the memory at once, compiled."""

from __future__ import annotations

import numpy as np

from models.crowd.city.compiling import INLINE
from models.crowd.city.streets import FROM, LENGTH, TO, Streets
from models.crowd.city.walkers import CELL, CLOCK, GATE, GOAL, HEADING, LINK, Walkers

AHEAD = 64
"""Walkers whose memory is read ahead."""


@INLINE
def read_ahead(batch: np.ndarray, ways: np.ndarray, streets: Streets, walkers: Walkers, next_link: np.ndarray) -> int:
    """Read what a batch of walkers will need: the memory answers many at a time, where one by one they would wait.

    Each round reads what the one before it found: the walkers, their links and cells, the next links, and those' cells.
    """
    people, links, cells, ends = walkers.people, streets.links, walkers.cells, walkers.ends
    seen = 0
    for i in batch:
        seen += people[i, LINK]
    for k in range(batch.size):
        i = batch[k]
        link, heading = people[i, LINK], people[i, HEADING]
        ways[k] = -1
        if link >= 0:
            ways[k] = int(links[link, FROM] if heading == 1 else links[link, TO])
            seen += cells[people[i, CELL], CLOCK] + ends[2 * link + heading, GATE]
    for k in range(batch.size):
        if ways[k] >= 0:
            ways[k] = next_link[people[batch[k], GOAL], ways[k]]
    for k in range(batch.size):
        if ways[k] >= 0:
            seen += cells[ways[k], CLOCK] + int(links[ways[k], LENGTH]) + walkers.ease[ways[k]]
    return seen
