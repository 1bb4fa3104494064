"""Checks of the signals: those of the map that were built, and those built that the map does not ask for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree

from networks.quality.check import Check, Offender, found, share
from networks.quality.evidence import Evidence
from networks.quality.load import Load
from networks.roads.net_file import Net, NetEdge

REACH_M = 40.0
_CROSSING_M = 15.0


def signal_checks(evidence: Evidence, load: Load) -> list[Check]:
    """The checks of the family `signals`."""
    return [_matched(evidence), _one_entry(evidence), _plans_guessed(evidence, load), _plans_unsafe(evidence)]


def _matched(evidence: Evidence) -> Check:
    """Signal nodes on roads with a signalled junction, or a signal's middle, within 40 m."""
    nodes = evidence.source.signal_nodes if evidence.source else ()
    if not nodes:
        return found("signals_matched", None)
    built = [(x, y) for x, y, kind in evidence.net.nodes.values() if kind.startswith("traffic_light")]
    built += [(row["geometry"].x, row["geometry"].y) for row in evidence.layer("signals")]
    places = np.array([evidence.xy[node] for node in nodes])
    far = cKDTree(np.array(built)).query(places)[0] if built else np.full(len(nodes), np.inf)
    lost = [i for i in np.argsort(-far, kind="stable") if far[i] > REACH_M]
    offenders = [
        Offender(f"n{nodes[i]}", *evidence.xy[nodes[i]], f"{far[i]:.0f} m" if np.isfinite(far[i]) else "") for i in lost
    ]
    return found("signals_matched", share(len(nodes) - len(lost), len(nodes)), offenders)


def entries(net: Net) -> Mapping[str, frozenset[str]]:
    """Signal -> edges whose traffic it holds back."""
    held: dict[str, set[str]] = {}
    for link in net.links:
        if link.tls_id:
            held.setdefault(link.tls_id, set()).add(link.from_edge)
    return {tls: frozenset(edges) for tls, edges in held.items()}


def _one_entry(evidence: Evidence) -> Check:
    """Signals that hold back one edge, but for pedestrian crossings on one-way roads, within 15 m of the edge's end."""
    held, rows = entries(evidence.net), evidence.layer("signals")
    edges = {e.edge_id: e for e in evidence.net.edges}
    both_ways = {(e.to_node, e.from_node) for e in evidence.net.edges}
    crossings = cKDTree(np.array(evidence.crossings)) if evidence.crossings else None

    def crosses(edge: NetEdge) -> bool:
        if crossings is None or (edge.from_node, edge.to_node) in both_ways:
            return False
        return bool(crossings.query(edge.shape[-1])[0] <= _CROSSING_M)

    lone = []
    for row in rows:
        entering = [edges[name] for name in sorted(held.get(row["tls_id"], ()))]
        if len(entering) < 2 and not any(crosses(edge) for edge in entering):
            lone.append(Offender(row["tls_id"], row["geometry"].x, row["geometry"].y))
    return found("signals_one_entry", share(len(lone), len(rows)), lone)


def near_crossings(evidence: Evidence) -> list[bool]:
    """For each row of the layer `signals`: whether a crossing lies within 40 m, on the map or in the walk graph."""
    rows = evidence.layer("signals")
    places = list(evidence.crossings)
    for link in evidence.layer("walk_links"):
        if link["kind"] == "crossing":
            middle = link["geometry"].interpolate(0.5, normalized=True)
            places.append((middle.x, middle.y))
    if not places or not rows:
        return [False] * len(rows)
    at = np.array([(row["geometry"].x, row["geometry"].y) for row in rows])
    return [bool(near <= REACH_M) for near in cKDTree(np.array(places)).query(at)[0]]


def _plans_guessed(evidence: Evidence, load: Load) -> Check:
    rows = evidence.layer("signals")
    guessed = [row for row in rows if row["plan_source"] == "guessed"]
    by_load = sorted(guessed, key=lambda row: (-(load.of(row["tls_id"]) or 0.0), row["tls_id"]))
    offenders = [Offender(row["tls_id"], row["geometry"].x, row["geometry"].y) for row in by_load]
    return found("plans_guessed", share(len(guessed), len(rows)), offenders)


def _plans_unsafe(evidence: Evidence) -> Check:
    """Signals whose guessed plan the build found unsafe; plans of a network of one's own are not judged."""
    if evidence.source is None or not evidence.layer("signals"):
        return found("plans_unsafe", None)
    unsafe = [doubt for doubt in evidence.doubts if doubt.kind == "unsafe_plan"]
    return found("plans_unsafe", float(len(unsafe)), [Offender(one.net, one.x, one.y) for one in unsafe])
