"""Lanes and speeds as the map states them, in the network that netconvert made."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from networks.doubts import Doubt
from networks.repairs import Repair
from networks.roads.bicycle_turns import open_bicycle_turns
from networks.roads.net_file import MOTOR_CLASSES, allowed_classes
from networks.roads.plain import PlainNet
from networks.roads.sides import EdgeSide, edge_sides
from networks.roads.source import RoadSource
from networks.roads.turns import repair_turns
from networks.sentence import say

_RAMP_SPEED_MPS = 20.0
_FAST = ("motorway", "trunk")
_ON_BUS_LANES = ("bus", "coach", "emergency", "authority")

Sides = Mapping[str, tuple[EdgeSide, ...]]


def lanes_stated(source: RoadSource) -> list[str]:
    """Ids of edges of fast roads whose lanes the map states, in all forms that netconvert may give them.

    For these it shall not guess another lane where a ramp begins or ends.
    """
    found = []
    for way, said in source.said.items():
        for side, sign in ((said.forward, ""), (said.backward, "-")):
            if side is None or side.lanes is None:
                continue
            fast = source.ways[way].get("highway", "").startswith(_FAST)
            if (side.speed_mps or (30.0 if fast else 0.0)) >= _RAMP_SPEED_MPS:
                pieces = [f"#{i}" for i in range(len(source.way_nodes[way]) - 1)]
                found += [f"{sign}{way}{piece}" for piece in ["", *pieces]]
    return found


def repair_lanes(plain: PlainNet, source: RoadSource) -> tuple[list[Repair], list[Doubt]]:
    """Give back the lanes, speeds, bus lanes and turns that the map states; `plain` is changed in place."""
    sides = edge_sides(((e, plain.shape(e), plain.osm_ways(e)) for e in plain.edges), source)
    repairs = [*_lane_counts(plain, source, sides), *_speeds(plain, source, sides), *_bus_lanes(plain, source, sides)]
    turned, doubts = repair_turns(plain, source, sides)
    return repairs + turned + open_bicycle_turns(plain, source), doubts


def motor_lanes(plain: PlainNet, edge_id: str) -> list[ET.Element]:
    """The lanes of an edge that motor vehicles may use, by index."""
    return [lane for lane in plain.lanes(edge_id) if allowed_classes(lane) & MOTOR_CLASSES]


def osm_names(source: RoadSource, sides: tuple[EdgeSide, ...]) -> str:
    """The ways behind an edge, `w1 w2`."""
    return " ".join(dict.fromkeys(f"w{source.osm_way.get(one.way, one.way)}" for one in sides))


def middle(plain: PlainNet, edge_id: str) -> tuple[float, float]:
    """A point of an edge, for a map."""
    shape = plain.shape(edge_id)
    if len(shape) > 2:
        return shape[len(shape) // 2]
    (ax, ay), (bx, by) = shape[0], shape[-1]
    return (ax + bx) / 2, (ay + by) / 2


def _lane_counts(plain: PlainNet, source: RoadSource, sides: Sides) -> list[Repair]:
    repairs = []
    for edge_id, several in sides.items():
        stated = {one.side.lanes for one in several if one.side is not None and one.side.lanes is not None}
        built = len(motor_lanes(plain, edge_id))
        if not stated or not built or built in stated:
            continue
        wanted = min(stated, key=lambda n: (abs(n - built), n))
        if built > wanted:
            _take_lanes(plain, edge_id, built - wanted)
        else:
            _add_lanes(plain, edge_id, wanted - built)
        why = say(
            "netconvert guessed another number of lanes than the map states", "netconvert 推测的车道数与地图标注不符"
        )
        where = middle(plain, edge_id)
        repairs.append(
            Repair(
                "lanes_from_tag", osm_names(source, several), edge_id, why, f"lanes={built}", f"lanes={wanted}", *where
            )
        )
    return repairs


def _take_lanes(plain: PlainNet, edge_id: str, count: int) -> None:
    """Take motor lanes away at the kerb, where a guessed ramp lane lies; no move from edge to edge is lost."""
    lanes = plain.lanes(edge_id)
    first = next(i for i, lane in enumerate(lanes) if allowed_classes(lane) & MOTOR_CLASSES)
    for lane in lanes[first : first + count]:
        plain.edges[edge_id].remove(lane)
    _renumber(plain, edge_id)
    seen: dict[tuple[str, ...], ET.Element] = {}
    for one in plain.connections:
        for end, key in (("from", "fromLane"), ("to", "toLane")):
            if one.get(end) == edge_id and key in one.attrib and int(one.attrib[key]) >= first:
                one.set(key, str(max(first, int(one.attrib[key]) - count)))
        seen.setdefault(tuple(one.get(k, "") for k in ("from", "to", "fromLane", "toLane")), one)
    plain.connections = list(seen.values())


def _add_lanes(plain: PlainNet, edge_id: str, count: int) -> None:
    """Add lanes in the middle of the road, like the one that is there."""
    edge = plain.edges[edge_id]
    last = motor_lanes(plain, edge_id)[-1]
    for _ in range(count):
        edge.append(ET.fromstring(ET.tostring(last)))
    _renumber(plain, edge_id)


def _renumber(plain: PlainNet, edge_id: str) -> None:
    lanes = plain.lanes(edge_id)
    plain.edges[edge_id].set("numLanes", str(len(lanes)))
    for i, lane in enumerate(lanes):
        lane.set("index", str(i))
        lane.attrib.pop("shape", None)


def _speeds(plain: PlainNet, source: RoadSource, sides: Sides) -> list[Repair]:
    repairs = []
    for edge_id, several in sides.items():
        stated = {one.side.speed_mps for one in several if one.side is not None and one.side.speed_mps is not None}
        lanes = motor_lanes(plain, edge_id)
        if not stated or not lanes:
            continue
        built = max(float(lane.get("speed", plain.edges[edge_id].get("speed", "0"))) for lane in lanes)
        wanted = min(stated, key=lambda v: (abs(v - built), v))
        if abs(wanted - built) <= 0.06:
            continue
        for item in (plain.edges[edge_id], *lanes):
            item.set("speed", f"{wanted:.2f}")
        why = say("the map states another limit", "地图标注的限速不同")
        before, after = f"speed {built:.2f} m/s", f"speed {wanted:.2f} m/s"
        where = middle(plain, edge_id)
        repairs.append(Repair("speed_from_tag", osm_names(source, several), edge_id, why, before, after, *where))
    return repairs


def _bus_lanes(plain: PlainNet, source: RoadSource, sides: Sides) -> list[Repair]:
    """Ambulances may use bus lanes, and whoever the tags let in; netconvert lets in buses and some bicycles."""
    repairs = []
    for edge_id, several in sides.items():
        reserved = [one.side for one in several if one.side is not None and any(one.side.bus)]
        if not reserved:
            continue
        cycle_lane = any(allowed_classes(lane) == {"bicycle"} for lane in plain.lanes(edge_id))
        named = set(_ON_BUS_LANES) | reserved[0].bus_with
        for lane in plain.lanes(edge_id):
            classes = allowed_classes(lane)
            if "bus" not in classes or "passenger" in classes or lane.get("allow") is None:
                continue
            guests = (named | (classes & {"bicycle"})) - ({"bicycle"} if cycle_lane else set())
            before, after = lane.attrib["allow"], " ".join(sorted(guests))
            if set(before.split()) != guests:
                lane.set("allow", after)
                why = say(
                    "ambulances and those that the tags name may use a bus lane", "救护车及标签所列车辆可用公交专用道"
                )
                where = middle(plain, edge_id)
                name = osm_names(source, several)
                told = (f"lane {lane.get('index')}: {before}", f"lane {lane.get('index')}: {after}")
                repairs.append(Repair("bus_lane_users", name, edge_id, why, *told, *where))
        if all("passenger" not in allowed_classes(lane) for lane in plain.lanes(edge_id)):
            plain.edges[edge_id].attrib.pop("allow", None)
    return repairs
