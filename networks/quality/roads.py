"""Checks of the road network: what the map has and the net lacks, and what would stop traffic in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from shapely import STRtree, linestrings, points

from networks.quality.check import Check, Offender, found, share
from networks.quality.evidence import Evidence
from networks.roads.checks import Check as AgainstTags
from networks.roads.checks import (
    directions_against_tags,
    lanes_against_tags,
    restrictions_kept,
    speeds_against_tags,
    turns_against_tags,
)
from networks.roads.net_file import Net, NetEdge
from networks.roads.source import RoadSource

_STEP_M = 20.0
_NEAR_M = 20.0
_SAME_M = 1.0
_TAGS: tuple[tuple[str, Callable[[Net, RoadSource], AgainstTags]], ...] = (
    ("lanes_as_tagged", lanes_against_tags),
    ("speed_as_tagged", speeds_against_tags),
    ("directions_as_tagged", directions_against_tags),
    ("turns_as_tagged", turns_against_tags),
    ("restrictions_kept", restrictions_kept),
)


@dataclass(frozen=True)
class Cover:
    """How much of one of the map's roads is in the network.

    Attributes:
        way: Its id as written for the converter.
        length_m: Its length.
        lost_m: What of it has no edge.
        x, y: The middle of what is lost, m; of the whole where nothing is.
    """

    way: int
    length_m: float
    lost_m: float
    x: float
    y: float


def road_checks(evidence: Evidence, cover: tuple[Cover, ...]) -> list[Check]:
    """The checks of the family `roads`."""
    return [
        _length_kept(evidence, cover),
        _strongly_connected(evidence),
        *_against_tags(evidence),
        _dead_lanes(evidence.net),
        _doubled(evidence.net),
    ]


def drawn(edge: NetEdge) -> bool:
    """Whether an edge is a road on the map, and not a connector through the outside."""
    return edge.kind != "outside"


def middle(edge: NetEdge) -> tuple[float, float]:
    """A point of the edge near its middle, m."""
    at = len(edge.shape) // 2
    if len(edge.shape) == 2:
        (x, y), (u, v) = edge.shape
        return round((x + u) / 2, 3), round((y + v) / 2, 3)
    return edge.shape[at][0], edge.shape[at][1]


def covered(source: RoadSource, xy: Mapping[int, tuple[float, float]], net: Net) -> tuple[Cover, ...]:
    """How much of each of the map's roads is in the network.

    A road is looked at every 20 m: there must be an edge made of it, or of nothing that the converter named, within
    20 m, which is how far joined junctions move a road; or it lies between two nodes of one joined junction.
    """
    ways = [way for way in sorted(source.way_nodes) if len(source.way_nodes[way]) > 1]
    junction_of = {part: name for name, parts in net.node_parts.items() if len(parts) > 1 for part in parts}
    places, owner, step, kept = _samples(ways, source, xy, junction_of)
    edges = [e for e in net.edges if drawn(e)]
    if len(edges) and len(places):
        tree = STRtree([linestrings(np.array(e.shape)) for e in edges])
        at, near = tree.query(points(places), predicate="dwithin", distance=_NEAR_M)
        made_of = [frozenset(e.osm_ways) for e in edges]
        for i, j in zip(at.tolist(), near.tolist(), strict=True):
            if not kept[i] and (not made_of[j] or ways[owner[i]] in made_of[j]):
                kept[i] = True
    return _summed(ways, places, owner, step, kept)


def _samples(
    ways: list[int], source: RoadSource, xy: Mapping[int, tuple[float, float]], junction_of: Mapping[int, str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points along every way (n, 2), the way each belongs to, the metres it stands for, whether a junction holds it."""
    places, owner, step, held = [], [], [], []
    for index, way in enumerate(ways):
        line = np.array([xy[ref] for ref in source.way_nodes[way]])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        count = max(1, int(np.ceil(along[-1] / _STEP_M)))
        wanted = (np.arange(count) + 0.5) * along[-1] / count
        places.append(np.column_stack([np.interp(wanted, along, line[:, 0]), np.interp(wanted, along, line[:, 1])]))
        owner.append(np.full(count, index))
        step.append(np.full(count, along[-1] / count))
        held.append(_held(source.way_nodes[way], along, wanted, junction_of))
    if not places:
        return np.empty((0, 2)), np.empty(0, dtype=int), np.empty(0), np.empty(0, dtype=bool)
    return np.vstack(places), np.concatenate(owner), np.concatenate(step), np.concatenate(held)


def _held(refs: Sequence[int], along: np.ndarray, wanted: np.ndarray, junction_of: Mapping[int, str]) -> np.ndarray:
    """Whether each place along a way lies between two nodes of the same joined junction."""
    held = np.zeros(len(wanted), dtype=bool)
    before = None
    for at, ref in enumerate(refs):
        if ref in junction_of:
            if before is not None and junction_of[refs[before]] == junction_of[ref]:
                held |= (wanted >= along[before]) & (wanted <= along[at])
            before = at
    return held


def _summed(
    ways: list[int], places: np.ndarray, owner: np.ndarray, step: np.ndarray, kept: np.ndarray
) -> tuple[Cover, ...]:
    length = np.bincount(owner, weights=step, minlength=len(ways))
    lost = np.bincount(owner, weights=step * ~kept, minlength=len(ways))
    bounds = np.searchsorted(owner, np.arange(len(ways) + 1))
    covers = []
    for index, way in enumerate(ways):
        mine = np.arange(bounds[index], bounds[index + 1])
        gone = mine[~kept[mine]] if lost[index] else mine
        x, y = places[gone[len(gone) // 2]]
        covers.append(Cover(way, float(length[index]), float(lost[index]), round(float(x), 3), round(float(y), 3)))
    return tuple(covers)


def _length_kept(evidence: Evidence, cover: tuple[Cover, ...]) -> Check:
    total, lost = sum(c.length_m for c in cover), sum(c.lost_m for c in cover)
    worst = sorted((c for c in cover if c.lost_m >= _STEP_M), key=lambda c: (-c.lost_m, c.way))
    offenders = [Offender(evidence.osm_way(c.way), c.x, c.y, f"{c.lost_m:.0f} m / {c.length_m:.0f} m") for c in worst]
    return found("length_kept", share(total - lost, total), offenders)


def _strongly_connected(evidence: Evidence) -> Check:
    """Length of the largest strongly connected part over that of all roads for cars.

    Connectors through the outside carry paths, and do not count as length. In a network without them (one that the
    city's owner made) who leaves by a gateway may come back by any other.
    """
    net = evidence.net
    edges = [e for e in net.edges if "passenger" in e.allows]
    index = {e.edge_id: i for i, e in enumerate(edges)}
    pairs = [(index[a], index[b]) for a, b in net.pairs("passenger") if a in index and b in index]
    if all(drawn(e) for e in edges):
        pairs += [(index[e], len(edges)) for e in sorted(evidence.gateways_out) if e in index]
        pairs += [(len(edges), index[e]) for e in sorted(evidence.gateways_into) if e in index]
    rows, columns = np.array(pairs, dtype=int).reshape(-1, 2).T
    graph = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(edges) + 1, len(edges) + 1))
    labels = connected_components(graph, directed=True, connection="strong")[1][: len(edges)]
    length = np.array([e.length_m if drawn(e) else 0.0 for e in edges])
    totals = np.bincount(labels, weights=length) if len(edges) else np.zeros(1)
    best = int(np.argmax(totals))
    outside = [(e, float(m)) for e, m, part in zip(edges, length, labels, strict=True) if part != best and m > 0]
    offenders = [
        Offender(e.edge_id, *middle(e), f"{m:.0f} m") for e, m in sorted(outside, key=lambda o: (-o[1], o[0].edge_id))
    ]
    return found("strongly_connected", share(float(totals[best]), float(length.sum())), offenders)


def _against_tags(evidence: Evidence) -> list[Check]:
    """The network against what the map's tags say, as `networks.roads.checks` compares them."""
    if evidence.source is None:
        return [found(name, None) for name, _ in _TAGS]
    checks = []
    for name, compare in _TAGS:
        told = compare(evidence.net, evidence.source)
        offenders = [Offender(one.net or one.osm, one.x, one.y, f"{one.built}, {one.stated}") for one in told.offenders]
        checks.append(found(name, told.share if told.compared else None, offenders))
    return checks


def _dead_lanes(net: Net) -> Check:
    """Lanes for cars without a way on, at ends of edges that have one from another lane."""
    goes_on: dict[str, set[int]] = defaultdict(set)
    for link in net.links:
        if "passenger" in link.allows and not link.turnaround:
            goes_on[link.from_edge].add(link.from_lane)
    total, dead = 0, []
    for edge in net.edges:
        lanes = {i for i, classes in enumerate(edge.lane_allows) if "passenger" in classes}
        if not drawn(edge) or edge.edge_id not in goes_on:
            continue
        total += len(lanes)
        if lost := sorted(lanes - goes_on[edge.edge_id]):
            dead.append((len(lost), Offender(edge.edge_id, *edge.shape[-1], f"lane {', '.join(map(str, lost))}")))
    offenders = [one for _, one in sorted(dead, key=lambda d: (-d[0], d[1].net))]
    return found("dead_lanes", share(sum(count for count, _ in dead), total), offenders)


def _doubled(net: Net) -> Check:
    """Edges whose line, between the same junctions, lies within 1 m of another's all along."""
    between: dict[tuple[str, str], list[NetEdge]] = defaultdict(list)
    for edge in net.edges:
        if drawn(edge):
            between[edge.from_node, edge.to_node].append(edge)
    offenders = []
    for twins in between.values():
        for i, edge in enumerate(twins):
            line = linestrings(np.array(edge.shape))
            for other in twins[:i]:
                if line.hausdorff_distance(linestrings(np.array(other.shape))) < _SAME_M:
                    offenders.append(Offender(edge.edge_id, *middle(edge), f"= {other.edge_id}"))
                    break
    return found("doubled_edges", float(len(offenders)), offenders)
