"""Makes the network one whole: what can be joined is joined, what cannot is left out and told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.osm.extract import Extract
from networks.repairs import Repair
from networks.roads.access import open_only_ways, restore_kinds
from networks.roads.connectivity import Gateways, Reach, find_gateways, pieces, strong_part
from networks.roads.net_file import Net, NetEdge
from networks.roads.outside import Connector, add_connector
from networks.roads.plain import PlainNet
from networks.roads.plain_graph import as_net
from networks.roads.pockets import border_connectors, pocket_connectors
from networks.roads.source import RoadSource
from networks.sentence import say

POCKET_M = 250.0
"""Public streets without access, both directions added, from which on a connector is made for them."""
_OTHER_CLASSES = ("bus", "emergency")
_SERVED = {
    "amenity": {"hospital", "clinic", "fire_station", "police", "parking", "bus_station", "ferry_terminal"},
    "emergency": {"ambulance_station"},
    "railway": {"station"},
    "public_transport": {"station"},
}
_SERVED_M = 60.0


@dataclass
class Whole:
    """What became of the network.

    Attributes:
        gateways: Edges where traffic leaves and enters the map.
        kept_share: Length of the kept edges for cars over that of all.
        repairs, doubts: What was done.
    """

    gateways: Gateways
    kept_share: float
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def make_whole(
    plain: PlainNet, source: RoadSource, extract: Extract, plane: Plane, *, border_links: bool = True
) -> Whole | None:
    """Open, join and prune `plain` in place until every road for cars leads to every other.

    Args:
        plain: The network.
        source: What it was made from.
        extract: The map, for its border and for the places that must stay reachable.
        plane: Its metres.
        border_links: Whether connectors may be made (outside.py); without them the network is strongly connected only
            through a world outside that it does not hold.

    Returns:
        What was done; None where no two roads connect.
    """
    repairs: list[Repair] = []
    doubts: list[Doubt] = []
    restricted = restore_kinds(plain, source.ways)
    net = as_net(plain)
    gateways = find_gateways(net, source.cut_nodes, border_known=extract.border_known)
    told = open_only_ways(plain, net, restricted, gateways)
    repairs += told[0]
    doubts += told[1]
    net = as_net(plain) if told[0] else net
    total = sum(e.length_m for e in net.edges if "passenger" in e.allows)
    core = strong_part(net, [e.edge_id for e in net.edges], gateways, "passenger")
    if not core:
        return None
    links: list[Connector] = []
    if border_links:
        wanted = _served(net, extract, plane)
        links = pocket_connectors(net, core, gateways, least_m=POCKET_M, wanted=wanted)
        more = [(one.from_edge, one.to_edge) for one in links]
        core = Reach.of(net, "passenger", gateways=gateways, more=more).strong()
    kept = set(core) | _for_others(net, core, gateways)
    lost = [e for e in net.edges if e.edge_id not in kept]
    repairs += [_pruned(group) for group in pieces(lost)]
    plain.drop_edges([e.edge_id for e in lost])
    gateways = Gateways(gateways.out & kept, gateways.into & kept)
    number = _add(plain, links, 0, repairs, doubts)
    if border_links:
        net = as_net(plain)
        on_net = {e.edge_id for e in net.edges}
        _add(plain, border_connectors(net, on_net, gateways), number, repairs, doubts)
    share = sum(e.length_m for e in net.edges if e.edge_id in core) / total
    return Whole(gateways, share, repairs, doubts)


def _add(plain: PlainNet, links: Sequence[Connector], number: int, repairs: list[Repair], doubts: list[Doubt]) -> int:
    for one in links:
        ends = plain.edges[one.from_edge].attrib["to"], plain.edges[one.to_edge].attrib["from"]
        if ends[0] == ends[1]:
            repairs.append(_joined(plain, one))
            continue
        repair, doubt = add_connector(plain, one, number)
        repairs.append(repair)
        doubts.append(doubt)
        number += 1
    return number


def _joined(plain: PlainNet, one: Connector) -> Repair:
    """Both edges meet at one junction: a move there does what a connector would."""
    tail, head = len(plain.lanes(one.from_edge)) - 1, len(plain.lanes(one.to_edge)) - 1
    plain.connect(one.from_edge, tail, one.to_edge, head)
    x, y = plain.place(plain.edges[one.from_edge].attrib["to"])
    why = say(
        "Nothing else leads on from the first road, or to the second: a turn was added.",
        "前一条路没有别的去向，或后一条路没有别的来路，因此增加了一个转向。",
    )
    osm = " ".join(f"w{way}" for edge in (one.from_edge, one.to_edge) for way in plain.osm_ways(edge)[:1])
    return Repair("turn_added", osm, one.from_edge, why, "", f"{one.from_edge} -> {one.to_edge}", x, y)


def _for_others(net: Net, core: Collection[str], gateways: Gateways) -> set[str]:
    """Edges closed to cars from which buses, or ambulances, come and go."""
    closed = {e.edge_id for e in net.edges if e.edge_id not in core and "passenger" not in e.allows}
    found: set[str] = set()
    for vclass in _OTHER_CLASSES:
        found |= closed & Reach.of(net, vclass, closed | set(core), gateways=gateways).strong()
    return found


def _served(net: Net, extract: Extract, plane: Plane) -> frozenset[str]:
    """Roads nearest to hospitals, car parks and stations, where they are near at all."""
    roads = [e for e in net.edges if "passenger" in e.allows]
    if not roads:
        return frozenset()
    places = [plane.xy[node.osm_id] for node in extract.nodes if _is_served(node.tags)]
    for way in extract.ways:
        refs = [ref for ref in way.nodes if ref in plane.xy] if _is_served(way.tags) else []
        if refs:
            x, y = np.mean([plane.xy[ref] for ref in refs], axis=0)
            places.append((float(x), float(y)))
    tree = STRtree([LineString(e.shape) for e in roads])
    at = [Point(xy) for xy in places]
    _, nearest = tree.query_nearest(at, max_distance=_SERVED_M, all_matches=False) if at else ([], [])
    return frozenset(roads[int(i)].edge_id for i in nearest)


def _is_served(tags: dict[str, str]) -> bool:
    return any(tags.get(key) in values for key, values in _SERVED.items())


def _pruned(group: Sequence[NetEdge]) -> Repair:
    ways = list(dict.fromkeys(way for edge in group for way in edge.osm_ways))
    length = sum(e.length_m for e in group)
    x, y = group[0].shape[len(group[0].shape) // 2]
    cars = any("passenger" in e.allows for e in group)
    why = say(
        "It cannot be reached from the rest of the network and left again"
        + ("." if cars else " by buses or ambulances."),
        "车辆无法从路网其余部分到达这里再离开。" if cars else "公交车和救护车无法从路网其余部分到达这里再离开。",
    )
    return Repair(
        "pruned",
        " ".join(f"w{way}" for way in ways),
        group[0].edge_id,
        why,
        f"{len(group)} edges, {length:.0f} m",
        "left out",
        x,
        y,
    )
