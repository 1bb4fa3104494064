"""Conflicts and intergreens of a controller, from its movements.

Two movements that meet conflict, but where one may give way to the other: who turns over the oncoming lanes to who
comes from opposite, over a crossing to who walks there, who merges or turns to who comes beside it, and lanes of the
same approach. A short edge inside the controller is no place to wait: who enters it has the conflicts of where it
leads. Behind such an edge the network's right of way may hold the other way round: who goes straight on gives way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from networks.signals.groups.conflict_matrix import Conflict, ConflictMatrix
from networks.signals.groups.encounter import Clearance, Encounter, rilsa_intergreen
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.grouping import crosses_oncoming, own_turn_lanes
from networks.signals.groups.intergreen_matrix import IntergreenMatrix
from networks.signals.groups.meeting import meeting_distances
from networks.signals.layouts.layout import Layout, Pair
from networks.signals.layouts.movement import turned
from networks.signals.layouts.streams import Stream, find_streams, way_before

_OPPOSITE = math.radians(125)
_BESIDE = math.radians(35)
_TURN = math.radians(40)
_ORDER = (Conflict.NONE, Conflict.PERMISSIVE, Conflict.CONFLICT)
PROTECT_LANES = 2
"""Oncoming lanes from which on a turn over them with a lane of its own gets a stage of its own (assumption, after the
practice of the FHWA Traffic Signal Timing Manual, 2008, chapter 4: number of oncoming lanes and their speed)."""
PROTECT_MPS = 65 / 3.6
"""Oncoming speed limit above which it does, too (assumption, as above: there 45 mph)."""


@dataclass
class _Found:
    """Severity and intergreens of pairs of movements, while they are collected, and what they are judged by."""

    protect_lanes: float
    protect_mps: float
    clearance: Clearance
    half_turns: bool
    loose: frozenset[str]
    worst: dict[Pair, dict[tuple[Stream, Stream, int, int], Conflict]] = field(default_factory=dict)
    seconds: dict[Pair, float] = field(default_factory=dict)


def find_conflicts(
    layout: Layout,
    groups: tuple[SignalGroup, ...],
    *,
    protect_lanes: float = PROTECT_LANES,
    protect_mps: float = PROTECT_MPS,
    clearance: Clearance = rilsa_intergreen,
    half_turns: bool = False,
    loose: frozenset[str] = frozenset(),
) -> tuple[ConflictMatrix, IntergreenMatrix]:
    """Conflict and intergreen matrix of the groups.

    Args:
        layout: The ground.
        groups: From `form_groups`.
        protect_lanes: Oncoming lanes from which on turns over them are protected where they have own lanes.
        protect_mps: Oncoming speed limit above which they are, too.
        clearance: Seconds between the greens of two who meet.
        half_turns: Whether what the network calls a half turn over the oncoming lanes may give way, however little it
            turns.
        loose: Edges whose turns over the oncoming lanes are not protected, whatever they cross.
    """
    found = _Found(protect_lanes, protect_mps, clearance, half_turns, loose)
    _between_movements(found, layout)
    home = {link: group.name for group in groups for link in group.links}
    rank = {group.name: n for n, group in enumerate(groups)}
    pairs: dict[tuple[str, str], Conflict] = {}
    for (u, v), severities in sorted(found.worst.items()):
        one, other = (home[layout.movements[m].index] for m in (u, v))
        severity = max(severities.values(), key=_ORDER.index)
        if one == other or severity is Conflict.NONE:
            continue
        key = (one, other) if rank[one] < rank[other] else (other, one)
        pairs[key] = max(pairs.get(key, Conflict.NONE), severity, key=_ORDER.index)
    seconds: dict[tuple[str, str], float] = {}
    for (u, v), value in sorted(found.seconds.items()):
        key = (home[layout.movements[u].index], home[layout.movements[v].index])
        if key[0] != key[1]:
            seconds[key] = max(seconds.get(key, 0.0), value)
    names = tuple(group.name for group in groups)
    for one, other in pairs:
        for key in ((one, other), (other, one)):
            seconds.setdefault(key, next(g.yellow_s for g in groups if g.name == key[0]))
    told = {key: seconds[key] for key in sorted(seconds, key=lambda k: (rank[k[0]], rank[k[1]])) if _in(key, pairs)}
    return ConflictMatrix(names, dict(sorted(pairs.items(), key=lambda p: [rank[n] for n in p[0]]))), IntergreenMatrix(
        told
    )


def _in(key: tuple[str, str], pairs: dict[tuple[str, str], Conflict]) -> bool:
    return key in pairs or key[::-1] in pairs


def _between_movements(found: _Found, layout: Layout) -> None:
    apart = own_turn_lanes(layout)
    through: dict[int, list[tuple[Stream, int]]] = {}
    for stream in find_streams(layout):
        for place, m in enumerate(stream):
            through.setdefault(m, []).append((stream, place))
    for i, j in sorted(layout.meets):
        if i > j:
            continue
        for one, a in through[i]:
            for other, b in through[j]:
                severity = _relation(layout, (one, a), (other, b), apart, found)
                _note(found, layout, (one, a), (other, b), severity)


def _note(found: _Found, layout: Layout, one: tuple[Stream, int], other: tuple[Stream, int], said: Conflict) -> None:
    """Keep what a meeting means for the two that meet, and for the two by which their streams enter.

    Where those who meet have several origins, the mildest counts: the conflicts of each are its entry's.
    """
    (s, a), (t, b) = one, other
    for x, y in sorted({(0, 0), (a, b)}):
        u, v = s[x], t[y]
        if u == v:
            continue
        key = (s[x:], t[y:], a - x, b - y)
        kept = found.worst.setdefault((u, v), {})
        kept[key] = min(kept.get(key, Conflict.CONFLICT), said, key=_ORDER.index)
        if said is Conflict.NONE:
            continue
        clear, enter = meeting_distances(layout, s[a], t[b])
        before, behind = way_before(layout, s, x, a), way_before(layout, t, y, b)
        _keep_seconds(found, layout, (s[a], t[b]), (u, v), (before + clear[0], behind + enter[1]))
        _keep_seconds(found, layout, (t[b], s[a]), (v, u), (behind + enter[0], before + clear[1]))


def _keep_seconds(found: _Found, layout: Layout, meeting: Pair, pair: Pair, metres: tuple[float, float]) -> None:
    leaving, entering = (_manner(layout, m) for m in meeting)
    limit = layout.movements[meeting[0]].speed_mps or math.inf
    first, second = (layout.movements[m] for m in pair)
    enters_m = max(metres[1] - second.ahead_m, 0.0)
    value = found.clearance(Encounter(leaving, metres[0], entering, enters_m, limit, first, second))
    found.seconds[pair] = max(found.seconds.get(pair, 0.0), value)


def _manner(layout: Layout, m: int) -> str:
    movement = layout.movements[m]
    if movement.kind != "vehicle":
        return movement.kind
    return "turning" if abs(turned(movement.heading_in, movement.heading_out)) > _TURN else "straight"


def _relation(
    layout: Layout,
    one: tuple[Stream, int],
    other: tuple[Stream, int],
    apart: frozenset[str],
    found: _Found,
) -> Conflict:
    (s, a), (t, b) = one, other
    i, j = layout.movements[s[a]], layout.movements[t[b]]
    origin, source = layout.movements[s[0]], layout.movements[t[0]]
    waits, is_waited_for = (s[a], t[b]) in layout.yields, (t[b], s[a]) in layout.yields
    if i.from_edge == j.from_edge:
        return Conflict.PERMISSIVE if waits != is_waited_for else Conflict.NONE
    if origin.from_edge == source.from_edge:
        return Conflict.PERMISSIVE if waits != is_waited_for else Conflict.CONFLICT
    if i.kind == j.kind == "pedestrian":
        return Conflict.NONE
    if waits == is_waited_for:
        return Conflict.CONFLICT
    yielding, goes = (one, other) if waits else (other, one)
    if "pedestrian" in (i.kind, j.kind):
        return _over_crossing(layout, yielding)
    towards = abs(turned(origin.heading_in, source.heading_in))
    turns = abs(_turn(layout, yielding)) > _TURN or (len(s) + len(t) > 2 and abs(_turn(layout, goes)) > _TURN)
    if towards < _BESIDE:
        return Conflict.PERMISSIVE if turns or i.to_edge == j.to_edge else Conflict.CONFLICT
    if towards < _OPPOSITE:
        return _around(layout, yielding, goes)
    half = "R" if layout.left_hand else "L"
    if not turns and not (found.half_turns and layout.movements[yielding[0][yielding[1]]].direction == half):
        return Conflict.CONFLICT
    return Conflict.CONFLICT if _protected(layout, yielding, goes, apart, found) else Conflict.PERMISSIVE


def _turn(layout: Layout, way: tuple[Stream, int]) -> float:
    """How far a stream has turned when it leaves the movement in question."""
    stream, place = way
    return turned(layout.movements[stream[0]].heading_in, layout.movements[stream[place]].heading_out)


def _over_crossing(layout: Layout, yielding: tuple[Stream, int]) -> Conflict:
    stream, place = yielding
    turns = layout.movements[stream[place]].kind == "vehicle" and abs(_turn(layout, yielding)) > _TURN
    return Conflict.PERMISSIVE if turns else Conflict.CONFLICT


def _around(layout: Layout, yielding: tuple[Stream, int], goes: tuple[Stream, int]) -> Conflict:
    """Who turns around gives way to who turns into its exit from the side."""
    turns_round = layout.movements[yielding[0][yielding[1]]].direction == "t"
    near_side = "l" if layout.left_hand else "r"
    turns_in = layout.movements[goes[0][goes[1]]].direction == near_side
    return Conflict.PERMISSIVE if turns_round and turns_in else Conflict.CONFLICT


def _protected(
    layout: Layout,
    yielding: tuple[Stream, int],
    goes: tuple[Stream, int],
    apart: frozenset[str],
    found: _Found,
) -> bool:
    """Whether a turn over the oncoming lanes is worth a stage of its own."""
    turn, oncoming = layout.movements[yielding[0][0]], layout.movements[goes[0][0]]
    if (
        turn.from_edge not in apart
        or turn.from_edge in found.loose
        or not crosses_oncoming(turn, left_hand=layout.left_hand)
    ):
        return False
    if crosses_oncoming(oncoming, left_hand=layout.left_hand) and oncoming.from_edge in apart:
        return False
    straight = {
        m.from_lane
        for m in layout.movements
        if m.from_edge == oncoming.from_edge and m.kind == "vehicle"
        if not crosses_oncoming(m, left_hand=layout.left_hand)
    }
    return len(straight) >= found.protect_lanes or oncoming.speed_mps > found.protect_mps
