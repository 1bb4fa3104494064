"""Corridors of a network: chains of edges that a driver follows straight on, both directions together."""

from __future__ import annotations

import math

from networks.roads.net_file import Net, NetEdge

STRAIGHT_RAD = math.radians(40)
"""A bend at a junction of less than this is straight on where SUMO's `dir` does not say so."""


def corridors(net: Net, vclass: str = "passenger") -> dict[str, str]:
    """Edge -> name of its corridor, for every edge that the class may use.

    At each junction an edge goes on in the one edge that is straightest, if that one comes from nowhere straighter, and
    both bear the same street name (where they have one). The opposite direction between the same two junctions belongs
    to the same corridor, so that a count in one direction never tells of the held-out other.

    Args:
        net: The network.
        vclass: Whose edges.

    Returns:
        A corridor is named by its street, or by its first edge in alphabetical order, with a number where a street's
        name comes twice.
    """
    edges = {edge.edge_id: edge for edge in net.edges if vclass in edge.allows}
    first = {name: name for name in edges}

    def root(name: str) -> str:
        while first[name] != name:
            first[name] = first[first[name]]
            name = first[name]
        return name

    for one, other in [*_straight_on(net, edges, vclass), *_opposite(edges)]:
        a, b = sorted((root(one), root(other)))
        first[b] = a
    return _named(edges, {name: root(name) for name in edges})


def _straight_on(net: Net, edges: dict[str, NetEdge], vclass: str) -> list[tuple[str, str]]:
    bends: dict[tuple[str, str], float] = {}
    for link in net.links:
        pair = (link.from_edge, link.to_edge)
        if vclass not in link.allows or link.turnaround or pair[0] not in edges or pair[1] not in edges:
            continue
        bend = _bend(edges[pair[0]], edges[pair[1]])
        names = {edges[name].name for name in pair} - {""}
        if len(names) < 2 and (link.direction == "s" or bend < STRAIGHT_RAD):
            bends[pair] = bend
    onward: dict[str, tuple[float, str]] = {}
    back: dict[str, tuple[float, str]] = {}
    for (one, other), bend in bends.items():
        onward[one] = min(onward.get(one, (math.inf, "")), (bend, other))
        back[other] = min(back.get(other, (math.inf, "")), (bend, one))
    return [(one, other) for one, (_, other) in onward.items() if back[other][1] == one]


def _opposite(edges: dict[str, NetEdge]) -> list[tuple[str, str]]:
    between: dict[tuple[str, str], str] = {}
    for name in sorted(edges):
        between.setdefault((edges[name].from_node, edges[name].to_node), name)
    return [(name, between[b, a]) for (a, b), name in between.items() if a < b and (b, a) in between]


def _bend(one: NetEdge, other: NetEdge) -> float:
    """Angle between leaving one edge and setting out on the other (0 to pi)."""
    turn = _heading(other.shape[0], other.shape[1]) - _heading(one.shape[-2], one.shape[-1])
    return abs((turn + math.pi) % (2 * math.pi) - math.pi)


def _heading(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.atan2(b[1] - a[1], b[0] - a[0])


def _named(edges: dict[str, NetEdge], roots: dict[str, str]) -> dict[str, str]:
    streets: dict[str, set[str]] = {}
    for name, top in roots.items():
        streets.setdefault(top, set()).add(edges[name].name)
    taken: dict[str, int] = {}
    names: dict[str, str] = {}
    for top in sorted(streets):
        street = min(streets[top] - {""}, default=top)
        taken[street] = taken.get(street, 0) + 1
        names[top] = street if taken[street] == 1 else f"{street} ({taken[street]})"
    return {name: names[top] for name, top in roots.items()}
