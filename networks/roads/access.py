"""Roads that are not for everybody: kept for those who may use them, opened to cars where nothing else leads on."""

from __future__ import annotations

import heapq
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable

from networks.doubts import Doubt
from networks.osm.extract import Tags
from networks.repairs import Repair
from networks.roads.connectivity import Gateways, Reach, pieces, strong_part
from networks.roads.net_file import MOTOR_CLASSES, Net, allowed_classes
from networks.roads.netconvert import ALL_CLASSES, RESTRICTED, RESTRICTED_CLASSES
from networks.roads.plain import PlainNet
from networks.sentence import say

_ROUNDS = 3
_PUBLIC_WEIGHT = 1e-3


def restore_kinds(plain: PlainNet, ways: dict[int, Tags]) -> frozenset[str]:
    """Give restricted roads their class on the map back, which netconvert was not told.

    Returns:
        The edges of restricted roads.
    """
    found = []
    for name, edge in plain.edges.items():
        if RESTRICTED in edge.get("type", "").split("|"):
            kind = next((ways[way]["highway"] for way in plain.osm_ways(name) if way in ways), "service")
            edge.set("type", f"highway.{kind}")
            found.append(name)
            for lane in _motor_lanes(plain, name):
                lane.attrib.pop("disallow", None)
                lane.set("allow", RESTRICTED_CLASSES)
    return frozenset(found)


def open_only_ways(
    plain: PlainNet, net: Net, restricted: Collection[str], gateways: Gateways
) -> tuple[list[Repair], list[Doubt]]:
    """Let cars use the restricted roads that alone join public streets to the city, as few metres as will do.

    A street that the map gives to everybody, behind a road that it gives to nobody but the owner, is one of the two
    by mistake. `plain` is changed in place; `net` is what it was.
    """
    public = {e.edge_id for e in net.edges if "passenger" in e.allows}
    wide = Reach.of(net, "emergency", public | set(restricted), gateways=gateways)
    joined = wide.strong()
    shut = set(restricted) - public
    opened: set[str] = set()
    length = {e.edge_id: e.length_m for e in net.edges}
    for _ in range(_ROUNDS):
        core = (
            Reach.of(net, "emergency", public | opened, gateways=gateways).strong()
            if opened
            else strong_part(net, public, gateways, "passenger")
        )
        lost = [e for e in net.edges if e.edge_id in public and e.edge_id in joined and e.edge_id not in core]
        if not lost or not core:
            break
        for group in pieces(lost):
            names = {e.edge_id for e in group}
            for start, end in ((core, names), (names, core)):
                opened.update(e for e in _cheapest(wide, start, end, shut - opened, length) if e in shut)
    return _open(plain, net, opened | _twins(net, opened, shut))


def _cheapest(
    wide: Reach, start: Collection[str], end: Collection[str], shut: Collection[str], length: dict[str, float]
) -> Iterable[str]:
    """The way from a set of edges to another with the fewest restricted metres."""
    index = {name: i for i, name in enumerate(wide.names)}
    follow: list[list[int]] = [[] for _ in range(len(wide.names) + 1)]
    for a, b in wide.arcs.tolist():
        follow[a].append(b)
    goal = {index[name] for name in end if name in index}
    before: dict[int, int] = {}
    best = {index[name]: 0.0 for name in start if name in index}
    todo = [(0.0, vertex) for vertex in sorted(best)]
    heapq.heapify(todo)
    while todo:
        cost, vertex = heapq.heappop(todo)
        if vertex in goal:
            path = []
            while vertex in before:
                path.append(wide.names[vertex] if vertex < len(wide.names) else "")
                vertex = before[vertex]
            return path
        if cost > best[vertex]:
            continue
        for further in follow[vertex]:
            name = wide.names[further] if further < len(wide.names) else ""
            more = cost + length.get(name, 0.0) * (1.0 if name in shut else _PUBLIC_WEIGHT)
            if more < best.get(further, float("inf")):
                best[further], before[further] = more, vertex
                heapq.heappush(todo, (more, further))
    return []


def _twins(net: Net, opened: Collection[str], shut: Collection[str]) -> set[str]:
    """The other directions of opened roads: a gate that is open is open both ways."""
    ends = {(e.to_node, e.from_node, e.osm_ways) for e in net.edges if e.edge_id in opened}
    return {
        e.edge_id
        for e in net.edges
        if e.edge_id in shut and any((e.from_node, e.to_node, w) in ends for w in (e.osm_ways, e.osm_ways[::-1]))
    }


def _open(plain: PlainNet, net: Net, opened: Collection[str]) -> tuple[list[Repair], list[Doubt]]:
    repairs, doubts = [], []
    for edge in net.edges:
        if edge.edge_id not in opened:
            continue
        for lane in _motor_lanes(plain, edge.edge_id):
            lane.set("allow", ALL_CLASSES)
        osm = " ".join(f"w{way}" for way in edge.osm_ways)
        x, y = edge.shape[len(edge.shape) // 2]
        why = say(
            "It is tagged as private, but public streets can only be reached over it: opened to cars.",
            "标签为私有道路，但只有经过它才能到达公共街道，因此向小汽车开放。",
        )
        remedy = say(
            "Check its access tag, and the access of the streets behind it.", "请核对它以及后面街道的通行标签。"
        )
        repairs.append(Repair("private_road_opened", osm, edge.edge_id, why, "access for few", "cars may pass", x, y))
        doubts.append(Doubt("private_road_opened", osm, edge.edge_id, why, remedy, 0.3, x, y))
    return repairs, doubts


def _motor_lanes(plain: PlainNet, edge_id: str) -> list[ET.Element]:
    return [lane for lane in plain.lanes(edge_id) if allowed_classes(lane) & MOTOR_CLASSES]
