"""Boundary connectors: fictional roads just beyond the border that join a way out of the map to a way in.

A clipped map has one-way roads that leave it and others that enter it; inside, the second cannot be reached from the
first. Connectors make the network strongly connected. They are no roads of the city: their type is `outside`, their ids
begin with `outside_`, no OSM way stands behind them, and each is told as a repair and as a doubt.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from math import hypot

from networks.doubts import Doubt
from networks.repairs import Repair
from networks.roads.net_file import MOTOR_CLASSES, OUTSIDE, allowed_classes
from networks.roads.netconvert import ALL_CLASSES
from networks.roads.plain import PlainNet
from networks.sentence import say

LEAST_M = 500.0
DETOUR = 2.0
SPEED_MPS = 8.33
_BEYOND_M = 40.0


@dataclass(frozen=True)
class Connector:
    """A fictional road from the end of one edge to the start of another.

    Attributes:
        from_edge, to_edge: The edges joined.
        border: At the map's border; else it stands for a way in or out that the map lacks.
    """

    from_edge: str
    to_edge: str
    border: bool


def add_connector(plain: PlainNet, one: Connector, number: int) -> tuple[Repair, Doubt]:
    """Build a connector into the network: at least 500 m, and twice the straight line, long, so that it is no shortcut.

    Returns:
        What is told about it.
    """
    name = f"{OUTSIDE}_{number}"
    start, end = plain.edges[one.from_edge].attrib["to"], plain.edges[one.to_edge].attrib["from"]
    tail, head = _motor_lanes(plain, one.from_edge), _motor_lanes(plain, one.to_edge)
    lanes = min(len(tail), len(head))
    (x0, y0), (x1, y1) = plain.place(start), plain.place(end)
    length = max(LEAST_M, DETOUR * hypot(x1 - x0, y1 - y0))
    plain.edges[name] = ET.Element("edge", {"id": name, "from": start, "to": end, "priority": "1", "type": OUTSIDE})
    plain.edges[name].attrib |= {"numLanes": str(lanes), "speed": f"{SPEED_MPS}", "length": f"{length:.2f}"}
    plain.edges[name].set("shape", _shape(plain, one))
    for index in range(lanes):
        words = {"index": str(index), "speed": f"{SPEED_MPS}", "allow": ALL_CLASSES}
        ET.SubElement(plain.edges[name], "lane", words)
        plain.connect(one.from_edge, tail[len(tail) - lanes + index], name, index)
        plain.connect(name, index, one.to_edge, head[len(head) - lanes + index])
    if all(kind.get("id") != OUTSIDE for kind in plain.types):
        plain.types.append(
            ET.Element("type", {"id": OUTSIDE, "priority": "1", "speed": f"{SPEED_MPS}", "allow": ALL_CLASSES})
        )
    return _told(plain, one, name, length)


def _motor_lanes(plain: PlainNet, edge_id: str) -> list[int]:
    classes = [allowed_classes(lane) for lane in plain.lanes(edge_id)]
    cars = [i for i, allows in enumerate(classes) if "passenger" in allows]
    return cars or [i for i, allows in enumerate(classes) if allows & MOTOR_CLASSES]


def _shape(plain: PlainNet, one: Connector) -> str:
    """A line that goes on where the first edge ends, and comes in where the second begins."""
    ahead, back = plain.shape(one.from_edge)[-2:], plain.shape(one.to_edge)[:2]
    away = _beyond(ahead[0], ahead[-1]), _beyond(back[-1], back[0])
    line = [
        plain.place(plain.edges[one.from_edge].attrib["to"]),
        *away,
        plain.place(plain.edges[one.to_edge].attrib["from"]),
    ]
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in line)


def _beyond(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """The point `_BEYOND_M` further on, straight from a over b."""
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return b[0] + (b[0] - a[0]) / length * _BEYOND_M, b[1] + (b[1] - a[1]) / length * _BEYOND_M


def _told(plain: PlainNet, one: Connector, name: str, length: float) -> tuple[Repair, Doubt]:
    x, y = plain.place(plain.edges[name].attrib["from"])
    osm = " ".join(f"w{way}" for edge in (one.from_edge, one.to_edge) for way in plain.osm_ways(edge)[:1])
    if one.border:
        why = say(
            "The map ends here. A fictional road beyond the border joins this way out to a way in, so that every"
            " road can be reached from every other.",
            "地图到此为止。边界外的一条虚拟道路把这个出口与一个入口相连，使任意道路之间都可到达。",
        )
        remedy = say(
            "Build the city from a larger extract, or leave connectors out and let demand enter and leave by gateways.",
            "请用更大的地图范围重建，或不加连接路，让车流只从出入口进出。",
        )
    else:
        why = say(
            "The map shows public streets here without a public way in or out. A fictional road stands for it.",
            "地图上这片公共街道没有公共的进口或出口，用一条虚拟道路代替。",
        )
        remedy = say(
            "Check on the map which street leads here, and whether its access or oneway tag is right.",
            "请在地图上核对哪条路通到这里，以及它的通行或单行标签是否正确。",
        )
    after = f"{one.from_edge} -> {name} ({length:.0f} m) -> {one.to_edge}"
    repair = Repair("outside_connector", osm, name, why, "", after, x, y)
    return repair, Doubt("outside_connector", osm, name, why, remedy, 0.5, x, y)
