"""Left-turn waiting areas: who turns over the oncoming lanes waits beyond the stop line while straight on has green."""

from __future__ import annotations

import math
from dataclasses import dataclass

from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement, turned

_BESIDE = math.radians(35)
_OPPOSITE = math.radians(125)


@dataclass(frozen=True)
class WaitingArea:
    """One approach with a waiting area. Turns are left turns where traffic keeps right.

    Attributes:
        edge: The approach.
        length_m: From its stop line to the end of the area.
        turning: Links of the turns that wait in it.
        straight: Links during whose green it may be entered.
        across: Links of the streets beside, whose traffic would meet who stands in it.
    """

    edge: str
    length_m: float
    turning: tuple[int, ...]
    straight: tuple[int, ...]
    across: tuple[int, ...]


def waiting_areas(layout: Layout) -> tuple[WaitingArea, ...]:
    """Those of a signal, by edge.

    Practice in China: it is entered while straight on of the same approach has green and the turn is red, and signals
    with such areas let straight on go before the turn (secondary sources: wenbaik.com/answer/130504.html and
    tftnews.com/news5791715; the marking is one of GB 5768.3, which could not be read).
    """
    found = []
    for edge in sorted({m.from_edge for m in layout.movements if m.ahead_m}):
        own = [m for m in layout.movements if m.from_edge == edge and m.kind == "vehicle"]
        turns = [m for m in own if m.ahead_m]
        across = {
            other.index
            for n, other in enumerate(layout.movements)
            for k, turn in enumerate(layout.movements)
            if turn in turns and (k, n) in layout.meets and _beside(layout, turn, other)
        }
        turning, straight = (
            tuple(sorted({m.index for m in own if bool(m.ahead_m) is waits and (waits or m.direction == "s")}))
            for waits in (True, False)
        )
        found.append(WaitingArea(edge, max(m.ahead_m for m in turns), turning, straight, tuple(sorted(across))))
    return tuple(found)


def _beside(layout: Layout, turn: Movement, other: Movement) -> bool:
    """Whether the other comes from a street beside and crosses the junction."""
    apart = abs(turned(turn.heading_in, other.heading_in))
    near_side = "l" if layout.left_hand else "r"
    return other.kind != "pedestrian" and other.direction != near_side and _BESIDE < apart < _OPPOSITE


def stuck_in(area: WaitingArea, shown: tuple[frozenset[int], ...]) -> int:
    """How many stages, in their order, let traffic across while people may stand in the area.

    Args:
        area: The waiting area.
        shown: The links that each stage lets go.
    """
    count, stuck = len(shown), 0
    for n, links in enumerate(shown):
        if not links & set(area.straight) or shown[(n + 1) % count] & set(area.straight):
            continue
        for step in range(count):
            later = shown[(n + step) % count]
            if later & set(area.turning):
                break
            stuck += bool(step and later & set(area.across))
    return stuck
