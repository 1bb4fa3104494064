"""Puts the controllers that the map implies into the road network, one at each intersection, and says what changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from networks.doubts import Doubt
from networks.osm.signal_search import SignalSite
from networks.repairs import Repair
from networks.roads.net_file import OUTSIDE
from networks.roads.plain import PlainNet
from networks.signals.guesses.controller import Controller, site_kind
from networks.signals.guesses.controller_doubts import beyond_doubt, controller_doubts, lost_doubt
from networks.signals.guesses.controller_repairs import controller_repairs

_CONTROLLED = "traffic_light"


@dataclass(frozen=True)
class Matched:
    """What became of the map's signals: the controllers built, what was changed, what an engineer should look at."""

    controllers: tuple[Controller, ...]
    repairs: list[Repair]
    doubts: list[Doubt]


def match_signals(plain: PlainNet, sites: Sequence[SignalSite], xy: Mapping[int, tuple[float, float]]) -> Matched:
    """Set `type` and `tl` of the junctions of `plain` in place, so that each site has exactly one controller.

    Junctions that no site names lose their signal; a site that no road leads through any more gets none. Calling it
    again, for instance after edges were dropped, settles the signals anew.

    Args:
        plain: The network before its last conversion.
        sites: From `find_sites`, of the map that `plain` was made from.
        xy: OSM node -> metres.
    """
    incoming, outgoing = plain.incoming(), plain.outgoing()
    driven = {n for n in plain.nodes if incoming[n] and outgoing[n]}
    stands_in = {osm: node for node in plain.nodes for osm in plain.osm_nodes(node)}
    groups, lost = _placed(stands_in, sites, driven)
    for node in plain.nodes.values():
        if node.get("type", "").startswith(_CONTROLLED):
            node.set("type", "priority")
        for key in ("tl", "tlType", "tlLayout"):
            node.attrib.pop(key, None)
    controllers, repairs, doubts = [], [], [lost_doubt(site, xy) for site in lost]
    for members, junctions in groups:
        into = entries(junctions, incoming, plain)
        if len(into) < 2 and all("map_ends" in site.notes for site in members):
            doubts += [beyond_doubt(site, xy) for site in members]
            continue
        core = {stands_in.get(a, "") for site in members for a in site.core or site.anchors} & set(junctions)
        one = Controller(members, junctions, site_kind(members, into), *_centre(sorted(core) or junctions, plain))
        controllers.append(one)
        for junction in junctions:
            plain.nodes[junction].set("type", _CONTROLLED)
            plain.nodes[junction].set("tl", one.tls_id)
        repairs += controller_repairs(one)
        doubts += controller_doubts(one, plain, into)
    return Matched(tuple(controllers), repairs, doubts)


def _placed(
    stands_in: Mapping[int, str], sites: Sequence[SignalSite], driven: Collection[str]
) -> tuple[list[tuple[tuple[SignalSite, ...], tuple[str, ...]]], list[SignalSite]]:
    """The sites of each controller with its junctions, and the sites that have no road left in the net."""
    hosts: dict[str, list[int]] = {}
    lost = []
    for index, site in enumerate(sites):
        found = {stands_in[a] for a in site.anchors if stands_in.get(a) in driven}
        if not found:
            lost.append(site)
        for node in sorted(found):
            hosts.setdefault(node, []).append(index)
    parts: dict[int, set[int]] = {index: {index} for members in hosts.values() for index in members}
    for members in hosts.values():
        whole = set().union(*(parts[m] for m in members))
        for m in whole:
            parts[m] = whole
    junctions: dict[int, list[str]] = {}
    for node, members in hosts.items():
        junctions.setdefault(min(parts[members[0]]), []).append(node)
    chosen = [(tuple(sites[i] for i in sorted(parts[low])), tuple(sorted(junctions[low]))) for low in sorted(junctions)]
    return chosen, lost


def entries(junctions: Collection[str], incoming: Mapping[str, list[str]], plain: PlainNet) -> list[str]:
    """Edges that lead into a controller's junctions from outside it, or from outside the map."""
    inside = set(junctions)
    return [
        e
        for j in sorted(inside)
        for e in incoming[j]
        if plain.edges[e].get("from") not in inside or plain.edges[e].get("type") == OUTSIDE
    ]


def _centre(junctions: Sequence[str], plain: PlainNet) -> tuple[float, float]:
    places = [plain.place(j) for j in junctions]
    return round(sum(x for x, _ in places) / len(places), 3), round(sum(y for _, y in places) / len(places), 3)
