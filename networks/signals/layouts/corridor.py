"""A corridor: the way of a through vehicle over several signals, with the place of each stop line on it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from networks.errors import BadInput, NotThere
from networks.roads.net_file import Net, NetEdge, NetLink, read_net
from networks.safe_xml import read_xml

TURN_S = 20.0
"""What a turn costs while a way is looked for: a corridor goes straight on where it can."""


@dataclass(frozen=True)
class StopLine:
    """Where a corridor meets a signal.

    Attributes:
        tls_id: The signal.
        links: Positions in its states that let the corridor's traffic go, of every lane.
        edge_id: The edge before the stop line.
        at_m: From the corridor's begin.
        run_s: Travel time from the first stop line at the limits of speed, without any stop.
    """

    tls_id: str
    links: tuple[int, ...]
    edge_id: str
    at_m: float
    run_s: float


@dataclass(frozen=True)
class Corridor:
    """A way over signals.

    Attributes:
        edges: Its edges in order; it begins with the edge before the first stop line.
        starts_m: Where each edge begins.
        stops: Its stop lines in order.
        length_m: Its whole length.
    """

    edges: tuple[str, ...]
    starts_m: tuple[float, ...]
    stops: tuple[StopLine, ...]
    length_m: float


def find_corridor(net_file: Path, signals: Sequence[str]) -> Corridor:
    """The quickest way for a car over these signals in this order, straight on where it can; it may pass others too.

    Args:
        net_file: SUMO network.
        signals: At least two, in the order of travel.

    Raises:
        BadInput: Fewer than two signals, or no way from one to the next.
        NotThere: The network has no such signal.
    """
    net = read_net(net_file)
    links = [one for one in net.links if "passenger" in one.allows and not one.turnaround]
    able = {one.tls_id for one in links if one.tls_id is not None}
    for tls in signals:
        if tls not in able:
            raise NotThere(f"there is no signal {tls!r} that lets cars go", file=net_file, expected="a signal's id")
    if len(signals) < 2:
        raise BadInput("a corridor needs at least two signals", expected="ids in the order of travel")
    way = _way(net, links, signals)
    if isinstance(way, int):
        raise BadInput(
            f"no car can drive from signal {signals[way - 1]!r} to {signals[way]!r} within one way over the list",
            file=net_file,
            expected="signals in the order of travel",
            remedy="turn the order round, or leave the signal out",
        )
    return _measured(net, way, inner_lengths(net_file))


def corridor_along(net_file: Path, edges: Sequence[str]) -> Corridor:
    """The corridor of a route that is given, from its first edge on; it may have no signal at all.

    Raises:
        BadInput: Two edges that follow each other are not joined, or the network has no such edge.
    """
    net, joined = read_net(net_file), dict[tuple[str, str], NetLink]()
    for link in net.links:
        pair = (link.from_edge, link.to_edge)
        if pair not in joined or (joined[pair].tls_id is None and link.tls_id is not None):
            joined[pair] = link
    known = {edge.edge_id for edge in net.edges}
    for one, other in pairwise([*edges, edges[-1]]):
        if one not in known or (one != other and (one, other) not in joined):
            said = f"there is no way from {one} to {other}" if one in known else f"there is no edge {one!r}"
            raise BadInput(said, file=net_file, expected="edges that follow each other")
    if len(edges) < 2:
        raise BadInput("a route needs at least two edges", expected="edges in the order of travel")
    return _measured(net, [joined[pair] for pair in pairwise(edges)], inner_lengths(net_file))


def _way(net: Net, links: Sequence[NetLink], signals: Sequence[str]) -> list[NetLink] | int:
    """The links of the best way, or the number of the first signal that cannot be reached."""
    edges = {edge.edge_id: edge for edge in net.edges}
    leaving: dict[str, list[NetLink]] = {}
    for link in links:
        leaving.setdefault(link.from_edge, []).append(link)
    first = sorted({link.from_edge for link in links if link.tls_id == signals[0]})
    queue = [(0.0, 0, edge) for edge in first]
    heapq.heapify(queue)
    came: dict[tuple[str, int], tuple[tuple[str, int], NetLink] | None] = {(edge, 0): None for edge in first}
    best, done = dict.fromkeys(came, 0.0), set[tuple[str, int]]()
    while queue:
        cost, passed, edge = heapq.heappop(queue)
        if (edge, passed) in done:
            continue
        done.add((edge, passed))
        if passed == len(signals):
            return _traced(came, (edge, passed))
        for link in leaving.get(edge, []):
            further = passed + (link.tls_id == signals[passed])
            node = (link.to_edge, further)
            if (passed == 0 and further == 0) or node in done:
                continue
            onward = edges[link.to_edge]
            price = cost + onward.length_m / max(onward.speed_mps, 1.0) + TURN_S * (link.direction != "s")
            if price < best.get(node, math.inf):
                best[node], came[node] = price, ((edge, passed), link)
                heapq.heappush(queue, (price, further, link.to_edge))
    return max(passed for _, passed in done) if done else 1


def _traced(
    came: Mapping[tuple[str, int], tuple[tuple[str, int], NetLink] | None], end: tuple[str, int]
) -> list[NetLink]:
    found, node = list[NetLink](), end
    while (step := came[node]) is not None:
        node, link = step
        found.append(link)
    return found[::-1]


def _measured(net: Net, way: Sequence[NetLink], inner_m: Mapping[str, float]) -> Corridor:
    edges = {edge.edge_id: edge for edge in net.edges}
    names, starts, stops = [way[0].from_edge], [0.0], list[StopLine]()
    at, run = edges[names[0]].length_m, 0.0
    for link in way:
        if link.tls_id is not None:
            own = [
                o
                for o in net.links
                if (o.from_edge, o.to_edge, o.tls_id) == (link.from_edge, link.to_edge, link.tls_id)
            ]
            lights = tuple(sorted({o.tls_index for o in own if o.tls_index is not None}))
            stops.append(StopLine(link.tls_id, lights, link.from_edge, at, run))
        edge: NetEdge = edges[link.to_edge]
        over = inner_m.get(link.via or "", 0.0)
        names.append(link.to_edge)
        starts.append(at + over)
        at += over + edge.length_m
        run += (over + edge.length_m) / max(edge.speed_mps, 1.0)
    return Corridor(tuple(names), tuple(starts), tuple(stops), at)


def inner_lengths(net_file: Path) -> dict[str, float]:
    """Length of each lane inside a junction."""
    root = read_xml(net_file, roots=("net",))
    lanes = (lane for edge in root.iter("edge") if edge.get("function") == "internal" for lane in edge.iter("lane"))
    return {lane.attrib["id"]: float(lane.get("length", "0")) for lane in lanes}
