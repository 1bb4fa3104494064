"""What can be driven on a plain network, before netconvert builds it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html import unescape
from itertools import pairwise
from math import hypot

from networks.roads.net_file import MOTOR_CLASSES, Net, NetEdge, NetLink, allowed_classes
from networks.roads.plain import PlainNet


def as_net(plain: PlainNet) -> Net:
    """The network as far as it can be known without building it: no internal lanes, no link directions but turnarounds.

    Lengths are those of the edges' lines between junction centres, where the file does not state them.
    """
    nodes = {name: (*plain.place(name), node.get("type", "")) for name, node in plain.nodes.items()}
    lanes = {name: tuple(allowed_classes(lane) for lane in plain.lanes(name)) for name in plain.edges}
    edges = tuple(_edge(plain, name, lanes[name]) for name in plain.edges)
    links = tuple(
        _link(plain, one, lanes, nodes) for one in plain.connections if "to" in one.attrib and one.attrib["to"] in lanes
    )
    return Net(edges, links, nodes)


def _edge(plain: PlainNet, name: str, lanes: tuple[frozenset[str], ...]) -> NetEdge:
    edge = plain.edges[name]
    shape = tuple(plain.shape(name))
    stated = edge.get("length")
    length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(shape))
    motor = [i for i, classes in enumerate(lanes) if classes & MOTOR_CLASSES]
    speeds = [float(lane.get("speed", edge.get("speed", "13.89"))) for lane in plain.lanes(name)]
    return NetEdge(
        edge_id=name,
        from_node=edge.attrib["from"],
        to_node=edge.attrib["to"],
        kind=edge.get("type", "").split("|")[0].removeprefix("highway."),
        name=unescape(edge.get("name", "")),
        lanes=len(motor) or len(lanes),
        speed_mps=max((speeds[i] for i in motor), default=max(speeds)),
        length_m=float(stated) if stated else length,
        shape=shape,
        allows=frozenset().union(*lanes),
        osm_ways=plain.osm_ways(name),
        lane_allows=lanes,
    )


def _link(
    plain: PlainNet,
    one: ET.Element,
    lanes: dict[str, tuple[frozenset[str], ...]],
    nodes: dict[str, tuple[float, float, str]],
) -> NetLink:
    start, end = one.attrib["from"], one.attrib["to"]
    from_lane, to_lane = int(one.attrib["fromLane"]), int(one.attrib["toLane"])
    a, b = plain.edges[start].attrib, plain.edges[end].attrib
    back = a["from"] == b["to"] and a["to"] == b["from"]
    node = plain.nodes[a["to"]]
    return NetLink(
        from_edge=start,
        to_edge=end,
        allows=allowed_classes(one) & lanes[start][from_lane] & lanes[end][to_lane],
        turnaround=back,
        tls_id=node.get("tl") if nodes[a["to"]][2].startswith("traffic_light") else None,
        tls_index=None,
        via=None,
        from_lane=from_lane,
        to_lane=to_lane,
        direction="t" if back else "s",
    )
