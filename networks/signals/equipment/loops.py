"""The loops that SUMO lays for an actuated signal, by the names that conditions in its plan call them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from pathlib import Path

from networks.safe_xml import read_xml

ALL_LOOPS = ("build-all-detectors", "true")
"""Parameter of a plan: a loop on every lane that leads to the signal, which is how they are counted here."""
_ON_FOOT = "pedestrian"


def read_loops(net_file: Path) -> dict[str, dict[int, tuple[str, ...]]]:
    """Signal -> link index -> names of the loops on the lanes that the link comes from.

    Names are `D<edge>.<lane>`, counted in the order in which the links come, lanes on which nothing drives left out:
    so they hold for plans with `ALL_LOOPS` in SUMO 1.28.

    Source: SUMO's documentation, Simulation/Traffic_Lights, "Detectors".
    """
    root = read_xml(net_file, roots=("net",))
    lanes = {edge.attrib["id"]: [_driven(lane) for lane in edge.iter("lane")] for edge in root.iter("edge")}
    links: dict[str, list[tuple[int, str, int]]] = {}
    for way in root.iter("connection"):
        if way.get("tl"):
            begin = (int(way.attrib["linkIndex"]), way.attrib["from"], int(way.attrib["fromLane"]))
            links.setdefault(way.attrib["tl"], []).append(begin)
    return {tls: _named(own, lanes) for tls, own in sorted(links.items())}


def _named(links: Iterable[tuple[int, str, int]], lanes: dict[str, list[bool]]) -> dict[int, tuple[str, ...]]:
    names: dict[tuple[str, int], str] = {}
    found: dict[int, tuple[str, ...]] = {}
    at, edge_number, lane_number = "", -1, 0
    for index, edge, lane in sorted(links, key=lambda one: one[0]):
        if not _drives(lanes.get(edge, []), lane):
            continue
        if (edge, lane) not in names:
            edge_number, lane_number = (edge_number, lane_number + 1) if edge == at else (edge_number + 1, 0)
            at = edge
            names[edge, lane] = f"D{edge_number}.{lane_number}"
        found[index] = tuple(dict.fromkeys((*found.get(index, ()), names[edge, lane])))
    return found


def _drives(lanes: Sequence[bool], lane: int) -> bool:
    return lane < len(lanes) and lanes[lane]


def _driven(lane: ET.Element) -> bool:
    allow, disallow = lane.get("allow"), lane.get("disallow")
    if allow is not None:
        return allow.split() != [_ON_FOOT]
    return disallow != "all"
