"""Turn restrictions kept in the network: which moves between edges they forbid, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from networks.roads.restrictions import Restriction, holds_by_day


@dataclass(frozen=True)
class Streets:
    """How edges lie between junctions, whatever form the network has.

    Attributes:
        ends: Edge -> (from junction, to junction).
        ways: Edge -> written ways.
        junction: OSM node -> junction that it is part of.
    """

    ends: Mapping[str, tuple[str, str]]
    ways: Mapping[str, tuple[int, ...]]
    junction: Mapping[int, str]
    _into: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    _out: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for edge, (start, end) in self.ends.items():
            for way in self.ways.get(edge, ()):
                self._into.setdefault((end, way), []).append(edge)
                self._out.setdefault((start, way), []).append(edge)

    def into(self, junction: str, ways: Iterable[int]) -> list[str]:
        """Edges of the ways that end at a junction."""
        return [edge for way in ways for edge in self._into.get((junction, way), ())]

    def out(self, junction: str, ways: Iterable[int]) -> list[str]:
        """Edges of the ways that begin at a junction."""
        return [edge for way in ways for edge in self._out.get((junction, way), ())]


@dataclass(frozen=True)
class Forbidden:
    """Moves that a restriction forbids.

    Attributes:
        relation: The restriction.
        pairs: (from edge, to edge) that only `excepted` may drive.
        told: (from edge, to edge) that an `only_` restriction asks for.
    """

    relation: Restriction
    pairs: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...] = ()


def forbidden_moves(
    restrictions: Iterable[Restriction], streets: Streets, moves: Iterable[tuple[str, str]]
) -> tuple[list[Forbidden], list[Restriction]]:
    """(what is forbidden, restrictions by way of a way that the network cannot express).

    A restriction whose members are not in the network, or that does not hold by day, forbids nothing.

    Args:
        restrictions: Those of the map.
        streets: The network's edges.
        moves: The (from edge, to edge) that the network has.
    """
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for start, end in moves:
        after.setdefault(start, set()).add(end)
        before.setdefault(end, set()).add(start)
    found, lost = [], []
    for one in restrictions:
        if not holds_by_day(one.hours):
            continue
        if one.via_ways:
            kept = _by_way(one, streets, after, before)
            if kept is None:
                lost.append(one)
                continue
        else:
            kept = _at_nodes(one, streets, after)
        if kept.pairs or kept.told:
            found.append(kept)
    return found, lost


def _at_nodes(one: Restriction, streets: Streets, after: Mapping[str, set[str]]) -> Forbidden:
    pairs: list[tuple[str, str]] = []
    told: list[tuple[str, str]] = []
    for junction in dict.fromkeys(streets.junction[n] for n in one.via_nodes if n in streets.junction):
        targets = streets.out(junction, one.to_ways)
        for start in streets.into(junction, one.from_ways):
            ends = [t for t in targets if not _turns_back(streets, start, t) or one.u_turn]
            if one.u_turn and one.from_ways == one.to_ways:
                ends = [t for t in targets if _turns_back(streets, start, t)]
            if one.only and ends:
                told += [(start, t) for t in ends]
                pairs += [(start, t) for t in sorted(after.get(start, ())) if t not in ends]
            elif not one.only:
                pairs += [(start, t) for t in ends]
    return Forbidden(one, tuple(dict.fromkeys(pairs)), tuple(dict.fromkeys(told)))


def _turns_back(streets: Streets, start: str, end: str) -> bool:
    return streets.ends[start] == streets.ends[end][::-1] and bool(
        set(streets.ways.get(start, ())) & set(streets.ways.get(end, ()))
    )


def _by_way(
    one: Restriction, streets: Streets, after: Mapping[str, set[str]], before: Mapping[str, set[str]]
) -> Forbidden | None:
    """A restriction by way of one way: where the whole lies in one junction, or only one move leads in or on.

    None where it forbids a path but each of its moves must stay open for others.
    """
    via = [edge for edge, ways in streets.ways.items() if set(ways) & set(one.via_ways)]
    junctions = {j for edge in via for j in streets.ends[edge]}
    starts = [e for e, ways in streets.ways.items() if set(ways) & set(one.from_ways)]
    targets = {e for e, ways in streets.ways.items() if set(ways) & set(one.to_ways)}
    if not via:
        pairs = [(s, t) for s in starts for t in sorted(after.get(s, ())) if t in targets and t not in starts]
        return Forbidden(one, () if one.only else tuple(pairs))
    starts = [e for e in starts if streets.ends[e][1] in junctions]
    pairs = []
    for start in starts:
        for middle in streets.out(streets.ends[start][1], one.via_ways):
            ends = [t for t in streets.out(streets.ends[middle][1], one.to_ways) if t in targets]
            if one.only and start in after:
                pairs += [(start, t) for t in sorted(after[start]) if t not in via]
            if not ends or _turns_back(streets, start, middle):
                continue
            feeders = {f for f in before.get(middle, ()) if not _turns_back(streets, f, middle)}
            others = {t for t in after.get(middle, ()) if not _turns_back(streets, middle, t)} - set(ends)
            if feeders == {start}:
                pairs += [(middle, t) for t in (sorted(others) if one.only else ends)]
            elif not others and not one.only:
                pairs.append((start, middle))
            elif others or not one.only:
                return None
    return Forbidden(one, tuple(dict.fromkeys(pairs)))
