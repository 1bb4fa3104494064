"""What an engineer should look at: signals of the map that were not built, and controllers that may be wrong."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from networks.doubts import Doubt
from networks.osm.signal_search import SignalSite
from networks.roads.plain import PlainNet
from networks.sentence import Sentence, say
from networks.signals.guesses.controller import Controller, node_refs

_WIDE_M = 90.0
_WEIGHT = {"motorway": 1.0, "trunk": 1.0, "primary": 0.9, "secondary": 0.7, "tertiary": 0.5}


def controller_doubts(one: Controller, plain: PlainNet, into: Sequence[str]) -> list[Doubt]:
    """Doubts of a controller; `into` are the edges that lead into its junctions."""
    weight = _weight(into, plain)

    def doubt(kind: str, what: Sentence, remedy: Sentence, share: float) -> Doubt:
        return Doubt(kind, node_refs(one.osm_nodes), one.tls_id, what, remedy, round(share * weight, 4), one.x, one.y)

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


def lost_doubt(site: SignalSite, xy: Mapping[int, tuple[float, float]]) -> Doubt:
    """A signal whose road is not in the network."""
    what = say(
        "a signal of the map was not built: its road is not in the network, or ends there",
        "地图上的信号灯未建入路网：其所在道路不在路网中，或在该处终止",
    )
    return _unbuilt(site, xy, what)


def beyond_doubt(site: SignalSite, xy: Mapping[int, tuple[float, float]]) -> Doubt:
    """A signal whose junction lies beyond the map."""
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
    return Doubt("signal_unmatched", node_refs(site.nodes), "", what, remedy, 0.3, round(x, 3), round(y, 3))


def _weight(into: Collection[str], plain: PlainNet) -> float:
    """How much traffic the best of the roads may carry, 0 to 1, by class."""
    classes = [plain.edges[e].get("type", "").split("|")[0].removeprefix("highway.") for e in into]
    return max((_WEIGHT.get(c.removesuffix("_link"), 0.3) for c in classes), default=0.1)


def _spread(junctions: Sequence[str], plain: PlainNet) -> float:
    places = [plain.place(j) for j in junctions]
    return max(math.dist(p, q) for p in places for q in places)
