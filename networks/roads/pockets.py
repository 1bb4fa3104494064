"""Finds where connectors must join what the map leaves apart: ways out and in, and streets without access."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import hypot

import numpy as np
from scipy.optimize import linear_sum_assignment

from networks.roads.connectivity import Gateways, Reach, pieces
from networks.roads.net_file import Net, NetEdge
from networks.roads.outside import Connector

_ROUNDS = 6
_SAME_ROAD = 0.25
"""Two ends of one road count as this much nearer to each other than they are."""
_SIGNAL_M, _CROSSROADS_M = 100.0, 40.0
"""A connector at a signal, or at a junction of several streets, counts as so much longer."""


def border_connectors(net: Net, core: Collection[str], gateways: Gateways) -> list[Connector]:
    """The fewest connectors between gateways that make `core` strongly connected for cars.

    Every part that nothing leads to needs a way in, every part that leads nowhere a way out: as many connectors as the
    greater of the two numbers (Eswaran and Tarjan 1976, doi:10.1137/0205044), paired so that their straight lines are
    short together, the two carriageways of one road first.
    """
    edges = {e.edge_id: e for e in net.edges if e.edge_id in set(core)}
    reach = Reach.of(net, "passenger", edges)
    main = reach.strong()
    if not main:
        return []
    label = dict(zip(reach.names, reach.parts().tolist(), strict=True))
    arcs = {(label[reach.names[a]], label[reach.names[b]]) for a, b in reach.arcs.tolist()}
    goes_on = {a for a, b in arcs if a != b}
    comes_in = {b for a, b in arcs if a != b}
    after, before = reach.reached(main), reach.reached(main, backwards=True)
    here = {label[e] for e in main}
    out = [e for e in net.edges if e.edge_id in gateways.out and e.edge_id in label]
    into = [e for e in net.edges if e.edge_id in gateways.into and e.edge_id in label]
    sinks = _by_part([e for e in out if label[e.edge_id] not in goes_on | here], label)
    sources = _by_part([e for e in into if label[e.edge_id] not in comes_in | here], label)
    found = _paired([s for s in sinks if s[0].edge_id in after], [s for s in sources if s[0].edge_id in before])
    ended = {one.from_edge for one in found} | {one.to_edge for one in found}
    home = [e for e in into if e.edge_id in before]
    away = [e for e in out if e.edge_id in after]
    for sink in sinks:
        if ended.isdisjoint(e.edge_id for e in sink) and home:
            found += [_nearest(sink, home)]
    for source in sources:
        if ended.isdisjoint(e.edge_id for e in source) and away:
            found += [_nearest(away, source)]
    return sorted(set(found), key=lambda one: (one.from_edge, one.to_edge))


def _by_part(edges: Sequence[NetEdge], label: dict[str, int]) -> list[list[NetEdge]]:
    groups: dict[int, list[NetEdge]] = {}
    for edge in edges:
        groups.setdefault(label[edge.edge_id], []).append(edge)
    return list(groups.values())


def _cost(a: NetEdge, b: NetEdge) -> float:
    (x0, y0), (x1, y1) = a.shape[-1], b.shape[0]
    same = (a.name and a.name == b.name) or bool(set(a.osm_ways) & set(b.osm_ways))
    return hypot(x1 - x0, y1 - y0) * (_SAME_ROAD if same else 1.0) + (0.0 if a.kind == b.kind else 20.0)


def _nearest(tails: Sequence[NetEdge], heads: Sequence[NetEdge]) -> Connector:
    _, a, b = min((_cost(a, b), a.edge_id, b.edge_id) for a in tails for b in heads)
    return Connector(a, b, border=True)


def _paired(sinks: list[list[NetEdge]], sources: list[list[NetEdge]]) -> list[Connector]:
    if not sinks or not sources:
        return []
    cost = np.array([[min(_cost(a, b) for a in sink for b in source) for source in sources] for sink in sinks])
    return [_nearest(sinks[i], sources[j]) for i, j in zip(*linear_sum_assignment(cost), strict=True)]


def pocket_connectors(
    net: Net, core: Collection[str], gateways: Gateways, *, least_m: float, wanted: Collection[str] = ()
) -> list[Connector]:
    """Connectors for public streets that cannot be reached, or not be left, by public streets.

    Streets that touch each other count together; those shorter than `least_m` (both directions added) are left alone,
    unless one of them is `wanted`.
    """
    inside = set(core)
    lost = [e for e in net.edges if "passenger" in e.allows and e.edge_id not in inside]
    found: list[Connector] = []
    busy = _Busy(net)
    for group in pieces(lost):
        names = {e.edge_id for e in group}
        if sum(e.length_m for e in group) >= least_m or not names.isdisjoint(wanted):
            found += _mended(net, inside, group, gateways, busy)
            inside |= names
    return found


class _Busy:
    """How unfit a junction is for a connector, in metres of detour."""

    def __init__(self, net: Net) -> None:
        self._legs: dict[str, int] = {}
        for edge in net.edges:
            self._legs[edge.to_node] = self._legs.get(edge.to_node, 0) + 1
        self._signals = {name for name, (_, _, kind) in net.nodes.items() if kind.startswith("traffic_light")}

    def at(self, node: str) -> float:
        return _SIGNAL_M * (node in self._signals) + _CROSSROADS_M * (self._legs.get(node, 0) > 1)


def _mended(
    net: Net, inside: Collection[str], group: Sequence[NetEdge], gateways: Gateways, busy: _Busy
) -> list[Connector]:
    names = {e.edge_id for e in group}
    home = [e for e in net.edges if e.edge_id in inside and "passenger" in e.allows]
    found: list[Connector] = []
    for _ in range(_ROUNDS):
        more = [(one.from_edge, one.to_edge) for one in found]
        reach = Reach.of(net, "passenger", names | set(inside), gateways=gateways, more=more)
        cannot_come = names - reach.reached(inside)
        cannot_leave = names - reach.reached(inside, backwards=True)
        if cannot_come:
            best = max(sorted(cannot_come), key=lambda e: len(reach.reached([e]) & cannot_come))
            heads = [e for e in group if e.edge_id in cannot_come & reach.reached([best], backwards=True)]
            found.append(_shortest(home, heads, busy))
        elif cannot_leave:
            best = max(sorted(cannot_leave), key=lambda e: len(reach.reached([e], backwards=True) & cannot_leave))
            tails = [e for e in group if e.edge_id in cannot_leave & reach.reached([best])]
            found.append(_shortest(tails, home, busy))
        else:
            break
    return found


def _shortest(tails: Sequence[NetEdge], heads: Sequence[NetEdge], busy: _Busy) -> Connector:
    ends = np.array([e.shape[-1] for e in tails])
    starts = np.array([e.shape[0] for e in heads])
    cost = np.hypot(ends[:, None, 0] - starts[None, :, 0], ends[:, None, 1] - starts[None, :, 1])
    cost += np.array([busy.at(e.to_node) for e in tails])[:, None]
    cost += np.array([busy.at(e.from_node) for e in heads])[None, :]
    a, b = np.unravel_index(int(np.argmin(cost)), cost.shape)
    return Connector(tails[int(a)].edge_id, heads[int(b)].edge_id, border=False)
