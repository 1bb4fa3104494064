"""Junctions with no room between them become one: a street shorter than a car stores nobody and locks up its ends."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterable
from itertools import combinations, pairwise
from math import dist, hypot

from networks.repairs import Repair
from networks.roads.plain import PlainNet
from networks.sentence import say

SHORT_M = 3.0
"""A lane shorter than this between two junctions holds no vehicle (a car is 5 m long)."""
WIDEST_M = 30.0
"""Junctions further apart than this stay two, whatever lies between them."""


def join_junctions(plain: PlainNet) -> list[Repair]:
    """Join junctions that only a stub parts; the stubs go, the moves over them become moves of the joint junction.

    Dead ends and roundabouts stay as they are. `plain` is changed in place.
    """
    stubs = _stubs(plain)
    repairs = []
    for nodes in _groups(plain, stubs):
        inner = {e for e, edge in plain.edges.items() if edge.attrib["from"] in nodes and edge.attrib["to"] in nodes}
        repairs.append(_repair(plain, nodes, inner))
        _lead_through(plain, inner)
        _one_node(plain, nodes, inner)
    return repairs


def _stubs(plain: PlainNet) -> list[tuple[float, str]]:
    """(length, edge) of the streets that are too short, the shortest first."""
    neighbours: dict[str, set[str]] = {node: set() for node in plain.nodes}
    for edge in plain.edges.values():
        neighbours[edge.attrib["from"]].add(edge.attrib["to"])
        neighbours[edge.attrib["to"]].add(edge.attrib["from"])
    circles = {node for circle in plain.roundabouts for node in circle.get("nodes", "").split()}
    found = []
    for name, edge in plain.edges.items():
        ends = {edge.attrib["from"], edge.attrib["to"]}
        if len(ends) == 2 and ends.isdisjoint(circles) and all(len(neighbours[node]) > 1 for node in ends):
            length = max(_lane_length(plain, name, lane) for lane in plain.lanes(name))
            if length < SHORT_M:
                found.append((length, name))
    return sorted(found)


def _lane_length(plain: PlainNet, edge_id: str, lane: ET.Element) -> float:
    text = lane.get("shape", "")
    points = [tuple(map(float, point.split(",")[:2])) for point in text.split()] or plain.shape(edge_id)
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


def _groups(plain: PlainNet, stubs: Iterable[tuple[float, str]]) -> list[tuple[str, ...]]:
    """The junctions to be joined, in the file's order: along the shortest stubs first, never wider than `WIDEST_M`."""
    group_of: dict[str, set[str]] = {}
    for _, name in stubs:
        a, b = (plain.edges[name].attrib[end] for end in ("from", "to"))
        both = group_of.get(a, {a}) | group_of.get(b, {b})
        if max(dist(plain.place(x), plain.place(y)) for x, y in combinations(both, 2)) <= WIDEST_M:
            group_of |= dict.fromkeys(both, both)
    order = {node: i for i, node in enumerate(plain.nodes)}
    found = {tuple(sorted(group, key=order.__getitem__)): None for group in group_of.values()}
    return sorted(found, key=lambda nodes: order[nodes[0]])


def _lead_through(plain: PlainNet, inner: Collection[str]) -> None:
    """Moves onto an inner edge become moves to where its lanes lead; a move that only a change of lanes made stays."""
    by_from: dict[str, list[ET.Element]] = {}
    for one in plain.connections:
        if "to" in one.attrib:
            by_from.setdefault(one.attrib["from"], []).append(one)
    made: list[ET.Element] = []
    for start, moves in by_from.items():
        if start in inner or all(move.attrib["to"] not in inner for move in moves):
            continue
        there = {(m.attrib["fromLane"], m.attrib["to"], m.attrib["toLane"]) for m in moves}
        pairs = {to for _, to, _ in there}
        for strict in (True, False):
            new = _reached(plain, by_from, start, inner, strict)
            for lane, step in new:
                key = (lane, step.attrib["to"], step.attrib["toLane"])
                if key not in there and (strict or step.attrib["to"] not in pairs):
                    there.add(key)
                    made.append(_move(start, lane, step))
            pairs |= {step.attrib["to"] for _, step in new}
    kept = [c for c in plain.connections if c.attrib["from"] not in inner and c.get("to") not in inner]
    plain.connections = kept + made


def _reached(
    plain: PlainNet, by_from: dict[str, list[ET.Element]], start: str, inner: Collection[str], strict: bool
) -> list[tuple[str, ET.Element]]:
    """(lane of `start`, last step) of every way over inner edges; not `strict`: lanes may be changed on them."""
    found: list[tuple[str, ET.Element]] = []
    for first in by_from[start]:
        waiting, seen = [first], set()
        while waiting:
            step = waiting.pop(0)
            edge, lane = step.attrib["to"], step.attrib["toLane"]
            if edge not in inner:
                if step is not first and not _turns_back(plain, start, edge):
                    found.append((first.attrib["fromLane"], step))
            elif (edge, lane if strict else "") not in seen:
                seen.add((edge, lane if strict else ""))
                waiting += [m for m in by_from.get(edge, ()) if not strict or m.attrib["fromLane"] == lane]
    return found


def _turns_back(plain: PlainNet, start: str, end: str) -> bool:
    a, b = plain.edges[start].attrib, plain.edges[end].attrib
    return a["from"] == b["to"] and not set(plain.osm_ways(start)).isdisjoint(plain.osm_ways(end))


def _move(start: str, lane: str, step: ET.Element) -> ET.Element:
    words = {"from": start, "to": step.attrib["to"], "fromLane": lane, "toLane": step.attrib["toLane"]}
    words |= {key: step.attrib[key] for key in ("allow", "disallow") if key in step.attrib}
    return ET.Element("connection", words)


def _one_node(plain: PlainNet, nodes: tuple[str, ...], inner: Collection[str]) -> None:
    name = "cluster_" + "_".join(node.removeprefix("cluster_") for node in nodes)
    parts = sorted({part for node in nodes for part in plain.osm_nodes(node)})
    x, y = (sum(plain.place(node)[axis] for node in nodes) / len(nodes) for axis in (0, 1))
    joint = ET.Element("node", {"id": name, "x": f"{x:.2f}", "y": f"{y:.2f}", "type": "priority"})
    joint.append(ET.Element("param", {"key": "origId", "value": " ".join(map(str, parts))}))
    for edge_id, edge in plain.edges.items():
        if edge_id in inner or {edge.attrib["from"], edge.attrib["to"]}.isdisjoint(nodes):
            continue
        edge.set("shape", " ".join(f"{a:.2f},{b:.2f}" for a, b in plain.shape(edge_id)))
        for end in ("from", "to"):
            if edge.attrib[end] in nodes:
                edge.set(end, name)
        for lane in edge.iter("lane"):
            lane.attrib.pop("shape", None)
    plain.edges = {edge_id: edge for edge_id, edge in plain.edges.items() if edge_id not in inner}
    plain.nodes = {
        (name if node == nodes[0] else node): (joint if node == nodes[0] else element)
        for node, element in plain.nodes.items()
        if node not in nodes[1:]
    }
    plain.roundabouts = [r for r in plain.roundabouts if set(inner).isdisjoint(r.get("edges", "").split())]
    plain.mark_dead_ends()


def _repair(plain: PlainNet, nodes: tuple[str, ...], inner: Collection[str]) -> Repair:
    x, y = plain.place(nodes[0])
    parts = sorted({part for node in nodes for part in plain.osm_nodes(node)})
    return Repair(
        "junctions_joined",
        " ".join(f"n{part}" for part in parts),
        "",
        say(
            "the streets between these junctions are shorter than a car; vehicles that wait there lock them up",
            "这些路口之间的道路短于一辆车的长度，车辆停在其中会造成锁死",
        ),
        f"{len(nodes)} junctions, edges {' '.join(sorted(inner))}",
        "one junction",
        x,
        y,
    )
