"""The gates at the ends of links: how many they let through in a step, compiled."""

from __future__ import annotations

import numpy as np

from models.crowd.city.clocks import ask_to_cut
from models.crowd.city.compiling import INLINE
from models.crowd.city.queues import join
from models.crowd.city.streets import CAPACITY, PERSON, Streets
from models.crowd.city.walkers import GATE, GATE_HEAD, GATE_SINCE, GATE_TAIL, Walkers


@INLINE
def fill_gate(n: int, end: int, rate: int, ends: np.ndarray) -> None:
    passed = n + 1 - ends[end, GATE_SINCE]
    if passed > 0:
        ends[end, GATE] = min(ends[end, GATE] + rate * passed, rate + PERSON)
        ends[end, GATE_SINCE] = n + 1


@INLINE
def through_gate(n: int, i: int, link: int, heading: int, streets: Streets, walkers: Walkers) -> bool:
    """Whether the gate at a link's end lets somebody through; puts it into the queue if not."""
    ends, end = walkers.ends, 2 * link + heading
    fill_gate(n, end, int(streets.links[link, CAPACITY]), ends)
    if ends[end, GATE_HEAD] >= 0 or ends[end, GATE] < PERSON:
        join(i, ends, end, GATE_HEAD, GATE_TAIL, walkers.gated, end, walkers)
        ask_to_cut(link, streets, walkers)
        return False
    ends[end, GATE] -= PERSON
    return True
