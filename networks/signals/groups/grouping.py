"""Groups from the ground: which links share their lights."""

from __future__ import annotations

from networks.signals.groups.crossing import WALK_MPS
from networks.signals.groups.group import LEAST_VEHICLE_GREEN_S, LEAST_WALK_S, SignalGroup
from networks.signals.groups.intergreens import yellow_s
from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement
from networks.signals.layouts.streams import short_inner

_LETTER = {"vehicle": "V", "pedestrian": "P", "bicycle": "B", "tram": "T"}


def crosses_oncoming(movement: Movement, *, left_hand: bool) -> bool:
    """Whether it is a vehicle's turn over the oncoming lanes (left where traffic keeps right) or a turn around."""
    return movement.kind == "vehicle" and movement.direction in (("r", "t") if left_hand else ("l", "t"))


def own_turn_lanes(layout: Layout) -> frozenset[str]:
    """Approaches on which the turns over the oncoming lanes have lanes of their own, and others have others."""
    turning: dict[str, set[int]] = {}
    other: dict[str, set[int]] = {}
    for movement in (m for m in layout.movements if m.kind == "vehicle"):
        side = turning if crosses_oncoming(movement, left_hand=layout.left_hand) else other
        side.setdefault(movement.from_edge, set()).add(movement.from_lane)
    return frozenset(e for e, lanes in turning.items() if e in other and not lanes & other[e])


def form_groups(layout: Layout) -> tuple[SignalGroup, ...]:
    """One group for each approach and kind of user; turns over the oncoming lanes apart where they have own lanes.

    On short edges inside the controller, where nobody waits, one for each edge that they lead to.
    """
    apart, short = own_turn_lanes(layout), short_inner(layout)
    chief: dict[int, int] = {}
    first: dict[tuple[str, str, bool | str], int] = {}

    def find(link: int) -> int:
        while chief.setdefault(link, link) != link:
            link = chief[link]
        return link

    for movement in layout.movements:
        turns: bool | str = movement.from_edge in apart and crosses_oncoming(movement, left_hand=layout.left_hand)
        if movement.from_edge in short:
            turns = movement.to_edge
        start = movement.to_edge if movement.kind == "pedestrian" else movement.from_edge
        one, other = find(movement.index), find(first.setdefault((start, movement.kind, turns), movement.index))
        chief[max(one, other)] = min(one, other)
    members: dict[int, list[Movement]] = {}
    for movement in layout.movements:
        members.setdefault(find(movement.index), []).append(movement)
    counts: dict[str, int] = {}
    return tuple(_group(members[root], counts) for root in sorted(members))


def _group(members: list[Movement], counts: dict[str, int]) -> SignalGroup:
    kinds = {m.kind for m in members}
    kind = next(k for k in ("vehicle", "tram", "bicycle", "pedestrian") if k in kinds)
    counts[kind] = counts.get(kind, 0) + 1
    walks = kind == "pedestrian"
    return SignalGroup(
        name=f"{_LETTER[kind]}{counts[kind]}",
        links=tuple(sorted({m.index for m in members})),
        kind=kind,
        min_green_s=LEAST_WALK_S if walks else LEAST_VEHICLE_GREEN_S,
        yellow_s=0.0 if walks else max(yellow_s(m.speed_mps) for m in members),
        clearance_s=max(m.length_m for m in members) / WALK_MPS if walks else 0.0,
    )
