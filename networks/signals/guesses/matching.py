"""Puts the controllers that the map implies into the road network, one at each intersection, and says what changed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from networks.doubts import Doubt
from networks.osm.signal_search import SignalSite
from networks.repairs import Repair
from networks.roads.net_file import OUTSIDE
from networks.roads.plain import PlainNet
from networks.sentence import Sentence, say

_CONTROLLED = "traffic_light"
_WIDE_M = 90.0
_WEIGHT = {"motorway": 1.0, "trunk": 1.0, "primary": 0.9, "secondary": 0.7, "tertiary": 0.5}


@dataclass(frozen=True)
class Controller:
    """A signal controller in the net.

    Attributes:
        sites: What the map says of it; several where netconvert made one junction of theirs.
        junctions: The junctions that it controls, sorted.
        kind: `junction`, `crossing` or `ramp`.
        x, y: The middle of the intersection, metres.
    """

    sites: tuple[SignalSite, ...]
    junctions: tuple[str, ...]
    kind: str
    x: float
    y: float

    @property
    def tls_id(self) -> str:
        """Its id in the net."""
        return self.sites[0].tls_id

    @property
    def osm_nodes(self) -> tuple[int, ...]:
        """The OSM signal nodes that it stands for."""
        return tuple(sorted({n for site in self.sites for n in site.nodes}))

    @property
    def anchors(self) -> tuple[int, ...]:
        """The OSM nodes that it controls."""
        return tuple(sorted({a for site in self.sites for a in site.anchors}))


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
    controllers, repairs, doubts = [], [], [_lost(site, xy) for site in lost]
    for members, junctions in groups:
        into = entries(junctions, incoming, plain)
        if len(into) < 2 and all("map_ends" in site.notes for site in members):
            doubts += [_beyond(site, xy) for site in members]
            continue
        core = {stands_in.get(a, "") for site in members for a in site.core or site.anchors} & set(junctions)
        one = Controller(members, junctions, site_kind(members, into), *_centre(sorted(core) or junctions, plain))
        controllers.append(one)
        for junction in junctions:
            plain.nodes[junction].set("type", _CONTROLLED)
            plain.nodes[junction].set("tl", one.tls_id)
        repairs += _changes(one)
        doubts += _questions(one, plain, into)
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


def _changes(one: Controller) -> list[Repair]:
    nodes, anchors = one.osm_nodes, one.anchors

    def repair(rule: str, why: Sentence, before: str, after: str) -> Repair:
        return Repair(rule, _refs(nodes), one.tls_id, why, before, after, one.x, one.y)

    found = []
    if len(nodes) > 1 or set(nodes) != set(anchors):
        found.append(
            repair(
                "signals_grouped",
                say(
                    "signals on stop lines, crossings and split junctions of one intersection share a controller",
                    "同一路口的停止线、人行横道及被拆分节点上的信号灯由同一台信号机控制",
                ),
                f"{len(nodes)} signal nodes",
                f"1 controller at {' '.join(one.junctions)}",
            )
        )
    unlit = sorted(set(anchors) - set(nodes))
    if any(site.kind == "junction" and len(site.anchors) > 1 for site in one.sites) and unlit:
        found.append(
            repair(
                "signal_covers_intersection",
                say(
                    "the junctions inside a signalised intersection are controlled too, though the map marks none",
                    "信号控制路口内部的各节点一并受控，尽管地图未在这些节点上标注信号灯",
                ),
                _refs(unlit),
                f"traffic_light {one.tls_id}",
            )
        )
    if len(one.sites) > 1:
        found.append(
            repair(
                "signals_in_one_junction",
                say("their junctions are one in the road network", "这些信号灯所在的节点在路网中是同一个交叉口"),
                " ".join(site.tls_id for site in one.sites),
                one.tls_id,
            )
        )
    return found


def _questions(one: Controller, plain: PlainNet, into: Sequence[str]) -> list[Doubt]:
    weight = _weight(into, plain)

    def doubt(kind: str, what: Sentence, remedy: Sentence, share: float) -> Doubt:
        return Doubt(kind, _refs(one.osm_nodes), one.tls_id, what, remedy, round(share * weight, 4), one.x, one.y)

    notes = {note for site in one.sites for note in site.notes}
    found = [doubt(f"signal_{note}", *_TOLD[note]) for note in sorted(notes & set(_TOLD))]
    if len(into) == 1 and one.kind == "junction":
        found.append(doubt("signal_single_entry", *_TOLD["single_entry"]))
    if _spread(one.junctions, plain) > _WIDE_M:
        found.append(doubt("signal_wide", *_TOLD["wide"]))
    return found


_CORRECT = say(
    "look at a photograph; correct the map, or force or forbid the signal in corrections.yaml",
    "查看实景照片；更正地图，或在corrections.yaml中强制设置或取消该信号灯",
)
_TOLD: dict[str, tuple[Sentence, Sentence, float]] = {
    "lone_approach": (
        say(
            "only one approach of this junction has a signal on the map; all its approaches were given one",
            "地图上该路口仅一个进口道有信号灯；已为全部进口道设置信号控制",
        ),
        _CORRECT,
        0.6,
    ),
    "crosswalks_only": (
        say(
            "only the crossings around this junction have signals on the map; the junction was given a controller",
            "地图上仅该路口周围的人行横道有信号灯；已为该路口设置信号机",
        ),
        _CORRECT,
        0.5,
    ),
    "nothing_crossed": (
        say(
            "a signal with no junction ahead and nothing that crosses the road there; it stops the traffic on the road",
            "该信号灯前方既无路口，也无行人或轨道横穿道路；它会使该道路上的车流停车",
        ),
        _CORRECT,
        0.5,
    ),
    "lone_line": (
        say(
            "a lone stop line nearby, where nothing crosses the road, was given to this controller",
            "附近有一处无横穿道路的孤立停止线信号灯，已并入该信号机",
        ),
        _CORRECT,
        0.3,
    ),
    "single_entry": (
        say(
            "only one road leads into this signal in the network; the other approaches are missing or off the map",
            "路网中仅有一条道路驶入该信号灯；其余进口道缺失或在地图范围之外",
        ),
        _CORRECT,
        0.3,
    ),
    "wide": (
        say(
            "this controller runs junctions far apart; it may be two controllers",
            "该信号机控制的节点相距较远；实际可能为两台信号机",
        ),
        say(
            "look up how the intersection is controlled, or give its real plan",
            "查明该路口的控制方式，或提供其实际配时方案",
        ),
        0.3,
    ),
}


def site_kind(sites: Sequence[SignalSite], into: Collection[str]) -> str:
    """The kind of a controller: that of its sites; a junction with a single way in at a crossing is a crossing."""
    kinds = [site.kind for site in sites]
    if "junction" in kinds:
        walked = any("walked" in site.notes for site in sites)
        return "crossing" if len(into) < 2 and walked else "junction"
    return "ramp" if "ramp" in kinds else "crossing"


def _lost(site: SignalSite, xy: Mapping[int, tuple[float, float]]) -> Doubt:
    what = say(
        "a signal of the map was not built: its road is not in the network, or ends there",
        "地图上的信号灯未建入路网：其所在道路不在路网中，或在该处终止",
    )
    return _unbuilt(site, xy, what)


def _beyond(site: SignalSite, xy: Mapping[int, tuple[float, float]]) -> Doubt:
    what = say(
        "a signal of the map was not built: its road ends there on the map, and the junction lies beyond",
        "地图上的信号灯未建入路网：道路在地图上于此终止，其控制的路口在地图范围之外",
    )
    return _unbuilt(site, xy, what)


def _unbuilt(site: SignalSite, xy: Mapping[int, tuple[float, float]], what: Sentence) -> Doubt:
    x, y = (sum(xy[a][i] for a in site.anchors) / len(site.anchors) for i in (0, 1))
    remedy = say(
        "export a larger area, or correct the road's tags (access, oneway) in corrections.yaml",
        "导出更大范围的地图，或在corrections.yaml中更正该道路的标签（access、oneway）",
    )
    return Doubt("signal_unmatched", _refs(site.nodes), "", what, remedy, 0.3, round(x, 3), round(y, 3))


def _refs(nodes: Sequence[int]) -> str:
    return " ".join(f"n{n}" for n in nodes)


def _weight(into: Collection[str], plain: PlainNet) -> float:
    """How much traffic the best of the roads may carry, 0 to 1, by class."""
    classes = [plain.edges[e].get("type", "").split("|")[0].removeprefix("highway.") for e in into]
    return max((_WEIGHT.get(c.removesuffix("_link"), 0.3) for c in classes), default=0.1)


def _centre(junctions: Sequence[str], plain: PlainNet) -> tuple[float, float]:
    places = [plain.place(j) for j in junctions]
    return round(sum(x for x, _ in places) / len(places), 3), round(sum(y for _, y in places) / len(places), 3)


def _spread(junctions: Sequence[str], plain: PlainNet) -> float:
    places = [plain.place(j) for j in junctions]
    return max(math.dist(p, q) for p in places for q in places)
