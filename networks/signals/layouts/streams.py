"""Streams: how traffic runs through a controller, over short edges inside it too."""

from __future__ import annotations

import math

from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import turned

SHORT_M = 45.0
"""An edge inside a controller that is shorter cannot hold the queue of a red (six cars at 7.5 m a lane)."""
_FREE_LANES_M = 25.0
_LONGEST = 5
_ROUND = math.radians(150)

Stream = tuple[int, ...]
"""Positions of movements that one vehicle takes one after the other, without room to wait between them."""


def short_inner(layout: Layout) -> frozenset[str]:
    """Edges inside the controller on which nobody may be left standing."""
    return frozenset(name for name in layout.inner if name in layout.edges and layout.edges[name].length_m < SHORT_M)


def following(layout: Layout) -> dict[int, tuple[int, ...]]:
    """The movements that each movement feeds over a short edge: those of its lane, of any lane where one can change."""
    short = short_inner(layout)
    leaving: dict[str, list[int]] = {}
    for b, movement in enumerate(layout.movements):
        leaving.setdefault(movement.from_edge, []).append(b)
    fed: dict[int, tuple[int, ...]] = {}
    for a, movement in enumerate(layout.movements):
        if movement.to_edge not in short:
            continue
        able = leaving[movement.to_edge]
        own = [b for b in able if layout.movements[b].from_lane == movement.to_lane]
        change = layout.edges[movement.to_edge].length_m >= _FREE_LANES_M or not own
        fed[a] = tuple(able if change else own)
    return fed


def find_streams(layout: Layout) -> tuple[Stream, ...]:
    """Every stream from outside the controller to where it leaves it or finds room to wait.

    Few turn round through a junction's inside: such streams are left out, and no stage is made for them.
    """
    fed, short = following(layout), short_inner(layout)
    found: list[Stream] = []

    def walk(stream: Stream, turn: float) -> None:
        last = layout.movements[stream[-1]]
        passed = {layout.movements[m].junction for m in stream}
        able = [b for b in fed.get(stream[-1], ()) if layout.movements[b].junction not in passed]
        if not able or len(stream) == _LONGEST:
            found.append(stream)
            return
        for b in able:
            after = turn + turned(last.heading_out, layout.movements[b].heading_out)
            if abs(after) <= _ROUND:
                walk((*stream, b), after)

    for a, movement in enumerate(layout.movements):
        if movement.from_edge not in short:
            walk((a,), turned(movement.heading_in, movement.heading_out))
    reached = {m for stream in found for m in stream}
    found += [(a,) for a in range(len(layout.movements)) if a not in reached]
    return tuple(found)


def way_before(layout: Layout, stream: Stream, first: int, last: int) -> float:
    """Metres from the stop line of `stream[first]` to that of `stream[last]`."""
    passed = [layout.movements[m] for m in stream[first:last]]
    return sum(m.length_m + layout.edges[m.to_edge].length_m for m in passed)


def lag_s(layout: Layout, feeding: int) -> float:
    """Seconds that the edge behind a movement needs to empty after it: its way at 10 m/s or the edge's limit."""
    movement = layout.movements[feeding]
    edge = layout.edges[movement.to_edge]
    return float(math.ceil((movement.length_m + edge.length_m) / min(10.0, edge.speed_mps)))
