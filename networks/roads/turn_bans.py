"""Turns that the map forbids, from what a city remembers of its map: who turned, from which road into which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from networks.osm.objects import MapObject
from networks.roads.conditions import conditional, hold_at
from networks.roads.net_file import Net, NetEdge


@dataclass(frozen=True)
class TurnBan:
    """A relation of the map.

    Attributes:
        osm: Its id, r1234.
        value: no_left_turn, only_straight_on, ...
        from_ways, to_ways: OSM ways.
        via: OSM nodes between them; bans by way of a street are not read.
        excepted: Words of its tag `except`: psv, bus, hgv, emergency, ...
        when: Hours at which it holds, as in `opening_hours`; "" for always.
    """

    osm: str
    value: str
    from_ways: frozenset[int]
    to_ways: frozenset[int]
    via: frozenset[int]
    excepted: frozenset[str]
    when: str = ""


def turn_bans(objects: Mapping[str, MapObject]) -> list[TurnBan]:
    """The bans for all motor vehicles, by way of a node."""
    found = (_ban(one) for one in objects.values() if one.kind == "restriction")
    return [one for one in found if one is not None]


def _ban(one: MapObject) -> TurnBan | None:
    value, when, parts = one.tags.get("restriction", ""), "", dict[tuple[str, str], set[int]]()
    if not value:
        value, when = next(iter(conditional(one.tags.get("restriction:conditional"))), ("", ""))
    for word in one.tags.get("members", "").split():
        ref, _, role = word.partition(":")
        parts.setdefault((role, ref[:1]), set()).add(int(ref[1:]))
    sources, targets, via = (parts.get(key, set()) for key in (("from", "w"), ("to", "w"), ("via", "n")))
    if not value.startswith(("no_", "only_")) or not sources or not targets or not via:
        return None
    excepted = frozenset(word.strip() for word in one.tags.get("except", "").split(";"))
    return TurnBan(one.osm, value, frozenset(sources), frozenset(targets), frozenset(via), excepted, when)


class BannedTurns:
    """Which moves from edge to edge the map's bans forbid.

    Args:
        net: The network.
        bans: Of the same map.
    """

    def __init__(self, net: Net, bans: Iterable[TurnBan]) -> None:
        self._edges, self._parts = {edge.edge_id: edge for edge in net.edges}, net.node_parts
        self._at: dict[int, list[TurnBan]] = {}
        for one in bans:
            for node in one.via:
                self._at.setdefault(node, []).append(one)

    def ban(self, start: str, end: str, words: Iterable[str], moment: datetime | None = None) -> TurnBan | None:
        """The ban that a vehicle breaks by turning from one edge into another; None where there is none.

        A ban of all turns but one counts only where the junction stands for a single node of the map: elsewhere the
        road that it leaves open may lie inside.

        Args:
            start: Edge that is left.
            end: Edge that is entered where the first ends.
            words: What the vehicle is, of the words that `except` has.
            moment: Local moment of turning; without it, bans for some hours hold.
        """
        first, second, spared = self._edges[start], self._edges[end], set(words)
        parts = self._parts.get(first.to_node, ())
        for one in (one for node in parts for one in self._at.get(node, ())):
            holds = not one.when or moment is None or hold_at(one.when, moment)
            if holds and not spared & one.excepted and _forbids(one, first, second, whole=len(parts) == 1):
                return one
        return None


def _forbids(one: TurnBan, first: NetEdge, second: NetEdge, *, whole: bool) -> bool:
    if one.from_ways.isdisjoint(first.osm_ways):
        return False
    back = second.to_node == first.from_node and not set(second.osm_ways).isdisjoint(first.osm_ways)
    into = not one.to_ways.isdisjoint(second.osm_ways)
    if "u_turn" in one.value:
        return one.value == "no_u_turn" and into and (back or one.from_ways.isdisjoint(one.to_ways))
    return not back and (into if one.value.startswith("no_") else whole and not into)
