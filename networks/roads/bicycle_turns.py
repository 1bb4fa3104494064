"""Bicycles turn where cars do: out of the cycle lane, over the motor lanes, as riders of bicycles and e-bikes may."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from networks.repairs import Repair
from networks.roads.net_file import MOTOR_CLASSES, allowed_classes
from networks.roads.plain import PlainNet
from networks.roads.source import RoadSource
from networks.sentence import say


def open_bicycle_turns(plain: PlainNet, source: RoadSource) -> list[Repair]:
    """Let bicycles onto the motor lanes of edges with a cycle lane where they could not turn as cars do without.

    Netconvert keeps them on the cycle lane, from which no left turn leads. No move is added, so signals stay as they
    are. Roads that the map closes to bicycles (`bicycle=no`) stay closed.
    """
    lanes = {edge: plain.lanes(edge) for edge in plain.edges}
    allows = {edge: [allowed_classes(lane) for lane in own] for edge, own in lanes.items()}
    ridden = {edge for edge, several in allows.items() if any("bicycle" in one for one in several)}
    open_to: dict[tuple[str, str], bool] = {}
    for move in plain.connections:
        start, end = move.attrib["from"], move.get("to", "")
        if start not in ridden or end not in ridden:
            continue
        both = allows[start][int(move.attrib["fromLane"])] & allows[end][int(move.attrib["toLane"])]
        if "passenger" in both & allowed_classes(move) or (start, end) in open_to:
            open_to[start, end] = open_to.get((start, end), False) or "bicycle" in both & allowed_classes(move)
    wanted = {edge for pair, served in open_to.items() if not served for edge in pair}
    repairs = []
    for edge in plain.edges:
        if edge not in wanted or _closed(plain, source, edge) or not any(a == {"bicycle"} for a in allows[edge]):
            continue
        for lane, classes in zip(lanes[edge], allows[edge], strict=True):
            if classes & MOTOR_CLASSES and "bicycle" not in classes and "passenger" in classes:
                _let_in(lane)
        name = " ".join(f"w{source.osm_way.get(way, way)}" for way in plain.osm_ways(edge))
        why = say("bicycles could not turn left out of the cycle lane", "自行车无法从自行车道左转")
        told = ("motor lanes: no bicycles", "motor lanes: bicycles to turn")
        repairs.append(Repair("bicycle_turns", name, edge, why, *told, *plain.shape(edge)[-1]))
    return repairs


def _closed(plain: PlainNet, source: RoadSource, edge: str) -> bool:
    said = [source.said[way] for way in plain.osm_ways(edge) if way in source.said]
    kind = plain.edges[edge].get("type", "").split("|")[0].removeprefix("highway.")
    return any(one.bicycle is False for one in said) or kind.startswith(("motorway", "trunk"))


def _let_in(lane: ET.Element) -> None:
    if lane.get("allow") is not None:
        lane.set("allow", " ".join(sorted({*lane.attrib["allow"].split(), "bicycle"})))
        return
    words = [word for word in lane.get("disallow", "").split() if word != "bicycle"]
    lane.set("disallow", " ".join(words))
