"""Bollards, blocks and closed gates: streets end there for motor vehicles; people on foot pass (the walk graph)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.coordinates.projection import Plane
from networks.osm.extract import Extract, Tags
from networks.repairs import Repair
from networks.sentence import say

_BLOCKING = frozenset(
    (
        *("bollard", "block", "chain", "jersey_barrier", "log", "debris", "planter", "wedge", "spikes"),
        *("cycle_barrier", "motorcycle_barrier", "stile", "kissing_gate", "turnstile", "full-height_turnstile"),
    )
)
_GATES = frozenset(["gate", "lift_gate", "swing_gate", "sliding_gate", "hampshire_gate"])
_OPEN = frozenset(["yes", "permissive", "designated", "destination", "customers", "delivery", "private", "permit"])
_GAP_M = 2.0


@dataclass
class Closed:
    """Where ways were parted.

    Attributes:
        lonlat: New nodes just behind the barriers, degrees; the plane knows them too.
        repairs: One for each barrier.
    """

    lonlat: dict[int, tuple[float, float]] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)


def blocks(tags: Tags) -> bool:
    """Whether a node keeps motor vehicles out: bollards and the like unless tagged open, gates only where said so."""
    kind = tags.get("barrier", "")
    access = tags.get("motorcar") or tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access") or ""
    if kind in _BLOCKING:
        return access not in _OPEN and tags.get("bollard") not in ("rising", "removable")
    return kind in _GATES and (access == "no" or tags.get("locked") == "yes")


def part_at_barriers(
    extract: Extract,
    plane: Plane,
    ways: dict[int, Tags],
    way_nodes: dict[int, tuple[int, ...]],
    osm_way: dict[int, int],
) -> Closed:
    """Part the written ways at barriers; the three tables are changed in place.

    A barrier parts one way that runs through it, or two that meet there; at a crossing of more it is not believed.
    """
    closed = Closed()
    barriers = {node.osm_id: node.tags["barrier"] for node in extract.nodes if blocks(node.tags)}
    fresh_way, fresh_node = max(way_nodes, default=0) + 1, max(extract.lonlat, default=0) + 1
    fresh_way = max(fresh_way, max((way.osm_id for way in extract.ways), default=0) + 1)
    all_users = _users(way_nodes, set(barriers))
    for node, users in all_users.items():
        if not _parts(users, way_nodes, node):
            continue
        way = users[-1]
        refs = way_nodes[way]
        at = refs.index(node)
        after = refs[at:] if len(users) == 1 or at == 0 else refs[: at + 1][::-1]
        behind = _behind(extract, closed, node, after[1])
        closed.lonlat[fresh_node] = behind
        plane.add(fresh_node, *behind)
        if len(users) == 1:
            ways[fresh_way], osm_way[fresh_way] = ways[way], osm_way[way]
            way_nodes[fresh_way], way_nodes[way] = (fresh_node, *refs[at + 1 :]), refs[: at + 1]
            for moved in all_users.keys() & set(refs[at + 1 :]):
                all_users[moved] = [fresh_way if user == way else user for user in all_users[moved]]
            fresh_way += 1
        else:
            way_nodes[way] = tuple(fresh_node if ref == node else ref for ref in refs)
        closed.repairs.append(_repair(node, barriers[node], osm_way[way], plane))
        fresh_node += 1
    return closed


def _users(way_nodes: Mapping[int, tuple[int, ...]], nodes: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for way, refs in way_nodes.items():
        for ref in refs:
            if ref in nodes:
                found.setdefault(ref, []).append(way)
    return found


def _parts(users: list[int], way_nodes: Mapping[int, tuple[int, ...]], node: int) -> bool:
    ends = [node in (way_nodes[way][0], way_nodes[way][-1]) for way in users]
    return (len(users) == 1 and not ends[0]) or (len(set(users)) == len(users) == 2 and all(ends))


def _behind(extract: Extract, closed: Closed, node: int, other: int) -> tuple[float, float]:
    """A point 2 m from a node towards another, or halfway where that is nearer, degrees."""
    (lon, lat), (to_lon, to_lat) = extract.lonlat[node], closed.lonlat.get(other) or extract.lonlat[other]
    metres = math.hypot((to_lon - lon) * math.cos(math.radians(lat)), to_lat - lat) * 111_320.0
    share = min(0.5, _GAP_M / metres) if metres else 0.5
    return round(lon + share * (to_lon - lon), 7), round(lat + share * (to_lat - lat), 7)


def _repair(node: int, kind: str, way: int, plane: Plane) -> Repair:
    why = say("motor vehicles cannot pass the barrier", "机动车无法通过该路障")
    return Repair("barrier_closed", f"n{node} w{way}", "", why, f"barrier={kind}", "no through road", *plane.xy[node])
