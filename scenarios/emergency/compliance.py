"""Whether a drive kept to what binds its vehicle: which road, which rule, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from models.routing import Restriction, Vehicle
from scenarios.emergency.matching import Driven

if TYPE_CHECKING:
    from networks import City
    from networks.osm.objects import MapObject
    from networks.roads.net_file import NetEdge

ONE_WAY, TURN = "one_way", "turn"
"""Kinds of rules about moving, beside the kinds of `Restriction` that bind a road."""
WORDS = {"hazmat": "no hazardous goods", "closed": "closed at this hour", ONE_WAY: "against its one-way direction"}
SEEN = 3
"""So many positions at least must lie on a stretch that was driven against its direction before it is told (guess)."""
EXCEPT = {"emergency": ("emergency",), "passenger": ("motorcar",), "bus": ("hgv",)}
"""Words of a ban's `except` that mean a class's vehicles; lorries use the roads of buses and are none."""


@dataclass(frozen=True)
class Breach:
    """A road that the vehicle was on and should not have been, or a turn that it took into it."""

    at: datetime
    edge_id: str
    rule: Restriction

    def told(self, vehicle: Vehicle) -> str:
        """The rule and what the vehicle has, in words."""
        if self.rule.kind == TURN:
            return "a turn into it that is forbidden"
        if self.rule.kind in WORDS:
            return WORDS[self.rule.kind]
        what = {"height_m": "m high", "width_m": "m wide", "weight_t": "t", "lorry": "t (lorries)"}[self.rule.kind]
        has = {"height_m": vehicle.height_m, "width_m": vehicle.width_m}.get(self.rule.kind, vehicle.weight_t)
        return f"up to {self.rule.value:g} {what}, {vehicle.name} has {has:g}"


def breaches(
    driven: Driven, edge_ids: Sequence[str], vehicle: Vehicle, restrictions: Sequence[Restriction]
) -> list[Breach]:
    """Every restriction that was broken, at the hour of entering the road; a road driven twice counts twice."""
    by_edge: dict[str, list[Restriction]] = {}
    for one in restrictions:
        by_edge.setdefault(one.edge_id, []).append(one)
    return [
        Breach(at, edge_ids[edge], rule)
        for edge, at in zip(driven.edges, driven.entered, strict=True)
        for rule in by_edge.get(edge_ids[edge], ())
        if rule.shuts_out(vehicle, at.hour + at.minute / 60 + at.second / 3600, at)
    ]


def moves(driven: Driven, city: City, vehicle: Vehicle) -> tuple[list[Breach], list[tuple[datetime, str]]]:
    """Wrong ways and forbidden turns by the map's rules; and moves that the network lacks without a rule being known.

    A road counts as one-way where a way of the map that it was made from says so; a turn is forbidden where a relation
    of the map does. A city that remembers nothing of its map has neither. Blue light is no excuse here.

    Returns:
        What was broken; and (moment, edge entered) of the other turns that the network does not have, without U-turns.
    """
    from networks.errors import BadCity
    from networks.osm.objects import read_objects
    from networks.roads.net_file import read_net
    from networks.roads.turn_bans import BannedTurns, turn_bans

    net = read_net(city.net_file)
    try:
        objects = read_objects(city.folder)
    except BadCity:
        objects = {}
    found, unknown, banned = _wrong_ways(driven, net.edges, objects), [], BannedTurns(net, turn_bans(objects))
    known = {(one.at, one.edge_id) for one in found}
    for n, (a, b) in enumerate(pairwise(driven.edges)):
        first, second, at = net.edges[a], net.edges[b], driven.entered[n + 1]
        meeting = not driven.backward[n] and not driven.backward[n + 1] and first.to_node == second.from_node
        ban = banned.ban(first.edge_id, second.edge_id, EXCEPT[vehicle.vclass], at) if meeting else None
        if ban is not None:
            rule = Restriction(second.edge_id, TURN, 0.0, 0.0, 24.0, f"{ban.value}: OpenStreetMap, {ban.osm}")
            found.append(Breach(at, second.edge_id, rule))
            continue
        against = driven.backward[n + 1] and not driven.backward[n] and (at, second.edge_id) not in known
        if against or (driven.strange[n] and meeting and second.to_node != first.from_node):
            unknown.append((at, second.edge_id))
    return sorted(found, key=lambda one: one.at), unknown


def _wrong_ways(driven: Driven, edges: Sequence[NetEdge], objects: Mapping[str, MapObject]) -> list[Breach]:
    """The first road of every stretch against its direction that a way of the map makes one-way."""
    from networks.roads.statement import state_way

    found = []
    for against, stretch in groupby(range(len(driven.edges)), key=lambda n: driven.backward[n]):
        places = list(stretch)
        if not against or sum(driven.points[n] for n in places) < SEEN:
            continue
        for n in places:
            edge = edges[driven.edges[n]]
            ways = [objects[f"w{abs(way)}"] for way in edge.osm_ways if f"w{abs(way)}" in objects]
            said = [(one.osm, state_way(one.tags)) for one in ways]
            one_way = [osm for osm, told in said if told.side(forward=True) is None or told.side(forward=False) is None]
            if one_way:
                rule = Restriction(edge.edge_id, ONE_WAY, 0.0, 0.0, 24.0, f"OpenStreetMap, {one_way[0]}")
                found.append(Breach(driven.entered[n], edge.edge_id, rule))
                break
    return found
