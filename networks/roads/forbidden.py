"""Turn restrictions in the network: which moves between edges they forbid, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from networks.roads.inside import Shape, Step, StreetMap, mentioned, reached
from networks.roads.restrictions import Restriction, holds_by_day
from networks.roads.source import RoadSource

_SPARED = ("bicycle", "bus")


@dataclass(frozen=True)
class Streets:
    """How edges lie between junctions, whatever form the network has.

    Attributes:
        ends: Edge -> (from junction, to junction).
        ways: Edge -> written ways.
        shapes: Edge -> its line, metres.
        parts: Junction -> OSM nodes that it stands for.
    """

    ends: Mapping[str, tuple[str, str]]
    ways: Mapping[str, tuple[int, ...]]
    shapes: Mapping[str, Shape]
    parts: Mapping[str, tuple[int, ...]]
    into: dict[str, list[str]] = field(default_factory=dict)
    out: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for edge, (start, end) in self.ends.items():
            self.into.setdefault(end, []).append(edge)
            self.out.setdefault(start, []).append(edge)

    def turns_back(self, start: str, end: str) -> bool:
        """Whether one edge is the other way of the other."""
        return self.ends[start] == self.ends[end][::-1] and not set(self.ways[start]).isdisjoint(self.ways[end])


@dataclass(frozen=True)
class Forbidden:
    """A move that restrictions forbid.

    Attributes:
        start, end: From edge, to edge.
        relations: The restrictions.
        spared: Classes that may drive it all the same.
    """

    start: str
    end: str
    relations: tuple[int, ...]
    spared: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """What the restrictions mean for a network.

    Attributes:
        forbidden: Moves that are not allowed, whether the network has them or not.
        open_to: From edge -> the edges that its restrictions leave.
        lost: Restrictions by way of a street that moves cannot express.
    """

    forbidden: tuple[Forbidden, ...]
    open_to: Mapping[str, tuple[str, ...]]
    lost: tuple[Restriction, ...]


def forbidden_moves(source: RoadSource, streets: Streets, moves: Iterable[tuple[str, str]]) -> Kept:
    """What the map's restrictions that hold by day forbid in a network with these moves (from edge, to edge)."""
    holding = [one for one in source.restrictions if holds_by_day(one.hours)]
    marked = set(mentioned(holding, source.way_nodes))
    junctions = {name: nodes for name, nodes in streets.parts.items() if not marked.isdisjoint(nodes)}
    street_map = StreetMap(source, {node for nodes in junctions.values() for node in nodes})
    found: list[Forbidden] = []
    open_to: dict[str, tuple[str, ...]] = {}
    for name, nodes in junctions.items():
        here = frozenset(nodes)
        active = [one for one in holding if not here.isdisjoint(mentioned([one], source.way_nodes))]
        exits = {
            edge: step
            for edge in streets.out.get(name, ())
            if (step := street_map.exit(here, streets.ways[edge], streets.shapes[edge])) is not None
        }
        for start in streets.into.get(name, ()):
            first = street_map.entry(here, streets.ways[start], streets.shapes[start])
            if first is not None:
                banned = _banned(street_map, here, first, exits, active)
                banned |= _turning_back(streets, start, exits, active)
                found += [Forbidden(start, end, *banned[end]) for end in exits if end in banned]
                open_to[start] = tuple(end for end in exits if end not in banned)
    ways_between, lost = _by_way(holding, streets, moves)
    return Kept((*found, *ways_between), open_to, tuple(lost))


_Why = tuple[tuple[int, ...], tuple[str, ...]]


def _banned(
    street_map: StreetMap,
    nodes: frozenset[int],
    first: Step,
    exits: Mapping[str, Step],
    active: Sequence[Restriction],
) -> dict[str, _Why]:
    """To edge -> (restrictions that forbid it, classes that they spare)."""
    free = reached(street_map, nodes, first, ())
    kept = reached(street_map, nodes, first, active)
    gone = {edge: step for edge, step in exits.items() if step in free and step not in kept}
    if not gone:
        return {}
    alone = {one.osm_id: reached(street_map, nodes, first, [one]) for one in active}
    by_class = {
        name: reached(street_map, nodes, first, [one for one in active if name not in one.excepted])
        for name in _SPARED
        if any(name in one.excepted for one in active)
    }
    return {
        edge: (
            tuple(osm for osm, steps in alone.items() if step not in steps) or tuple(alone),
            tuple(name for name, steps in by_class.items() if step in steps),
        )
        for edge, step in gone.items()
    }


def _turning_back(
    streets: Streets, start: str, exits: Mapping[str, Step], active: Sequence[Restriction]
) -> dict[str, _Why]:
    """Turning back on the same street, forbidden by `no_u_turn`, or because only another turn is allowed."""
    found: dict[str, _Why] = {}
    for end in exits:
        if not streets.turns_back(start, end):
            continue
        for one in active:
            leads = not set(one.from_ways).isdisjoint(streets.ways[start]) and not one.via_ways
            back = one.u_turn and one.from_ways == one.to_ways
            if leads and (back != one.only):
                found[end] = ((one.osm_id,), tuple(c for c in _SPARED if c in one.excepted))
    return found


def _by_way(
    holding: Sequence[Restriction], streets: Streets, moves: Iterable[tuple[str, str]]
) -> tuple[list[Forbidden], list[Restriction]]:
    """Restrictions by way of a street that is an edge: kept where only one move leads in, or only one on."""
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for start, end in moves:
        if not streets.turns_back(start, end):
            after.setdefault(start, set()).add(end)
            before.setdefault(end, set()).add(start)
    found: list[Forbidden] = []
    lost: list[Restriction] = []
    for one in holding:
        if not one.via_ways:
            continue
        pairs = _pairs_by_way(one, streets, after, before)
        if pairs is None:
            lost.append(one)
        else:
            spared = tuple(c for c in _SPARED if c in one.excepted)
            found += [Forbidden(a, b, (one.osm_id,), spared) for a, b in pairs]
    return found, lost


def _pairs_by_way(
    one: Restriction, streets: Streets, after: Mapping[str, set[str]], before: Mapping[str, set[str]]
) -> list[tuple[str, str]] | None:
    pairs: list[tuple[str, str]] = []
    via = [edge for edge, ways in streets.ways.items() if not set(ways).isdisjoint(one.via_ways)]
    for middle in via:
        enter, leave = streets.ends[middle]
        starts = [e for e in streets.into.get(enter, ()) if not set(streets.ways[e]).isdisjoint(one.from_ways)]
        ends = [e for e in streets.out.get(leave, ()) if not set(streets.ways[e]).isdisjoint(one.to_ways)]
        starts = [e for e in starts if e not in via and not streets.turns_back(e, middle)]
        ends = [e for e in ends if e not in via and not streets.turns_back(middle, e)]
        if not starts or not ends:
            continue
        others = after.get(middle, set()) - set(ends)
        if before.get(middle, set()) <= set(starts):
            pairs += [(middle, e) for e in (sorted(others) if one.only else ends)]
        elif not others and not one.only:
            pairs += [(e, middle) for e in starts]
        elif others or not one.only:
            return None
    return pairs
