"""Doubts about roads: lanes and speeds that the map does not state, plans, the border, and roads that were left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import mean, median

from networks.doubts import Doubt
from networks.quality.evidence import Evidence
from networks.quality.load import Load
from networks.quality.roads import Cover, drawn, middle
from networks.quality.signals import entries
from networks.roads.net_file import NetEdge
from networks.sentence import Sentence, say

_LEAST_LOST_M = 20.0
_FEWEST = 5


def road_doubts(evidence: Evidence, load: Load) -> list[Doubt]:
    """Doubts that each say how wrong they make the trips that meet them; `ranking.ranked` weighs them by those trips.

    Guesses of one street and road class are one doubt, placed where most trips meet it. How wrong a guess may be is how
    far, on average, the tags of this city's roads of the same class lie from it, as a share of the larger; 1 where no
    road of the city is tagged.
    """
    return [
        *_guessed(evidence, load, "lanes", lambda e: float(e.lanes)),
        *_guessed(evidence, load, "speed", lambda e: e.speed_mps),
        *_border(evidence),
        *_plans(evidence),
    ]


def _guessed(evidence: Evidence, load: Load, what: str, value: Callable[[NetEdge], float]) -> list[Doubt]:
    sources = {row["edge_id"]: row[f"{what}_source"] for row in evidence.layer("edges")}
    names = {row["edge_id"]: row["name"] for row in evidence.layer("edges")}
    cars = [e for e in evidence.net.edges if drawn(e) and "passenger" in e.allows]
    guessed = [e for e in cars if sources.get(e.edge_id) == "guessed"]
    tagged = [e for e in cars if sources.get(e.edge_id) == "osm"]
    wrong = _how_wrong(guessed, tagged, value)
    streets: dict[tuple[str, str], list[NetEdge]] = defaultdict(list)
    for edge in guessed:
        streets[names[edge.edge_id] or _unnamed(edge, evidence), edge.kind].append(edge)
    doubts = []
    for (street, kind), edges in streets.items():
        busiest = max(edges, key=lambda e: (load.share.get(e.edge_id, 0.0), e.edge_id))
        doubts.append(
            Doubt(
                kind=f"guessed_{what}",
                osm=" ".join(sorted({evidence.osm_way(w) for e in edges for w in e.osm_ways})),
                net=" ".join(e.edge_id for e in edges),
                what=_told(what, street, kind, edges, value),
                remedy=_REMEDIES[what],
                influence=wrong[kind],
                x=middle(busiest)[0],
                y=middle(busiest)[1],
            )
        )
    return doubts


_REMEDIES: Mapping[str, Sentence] = {
    "lanes": say(
        "count them in a photograph from above: lanes=* on the map, or corrections.yaml",
        "按航拍影像清点：在地图上补充 lanes 标签，或写入 corrections.yaml",
    ),
    "speed": say(
        "read the sign: maxspeed=* on the map, or corrections.yaml",
        "核对限速标志：在地图上补充 maxspeed 标签，或写入 corrections.yaml",
    ),
}


def _unnamed(edge: NetEdge, evidence: Evidence) -> str:
    """What a road without a name is called: the first way that it was made of, or its edge."""
    return evidence.osm_way(min(edge.osm_ways)) if edge.osm_ways else edge.edge_id


def _told(what: str, street: str, kind: str, edges: Sequence[NetEdge], value: Callable[[NetEdge], float]) -> Sentence:
    values = sorted({value(e) for e in edges})
    metres = sum(e.length_m for e in edges)
    long = metres >= 1000
    length = f"{metres / 1000:.1f} km" if long else f"{metres:.0f} m"
    zh_length = f"{metres / 1000:.1f}公里" if long else f"{metres:.0f}米"
    span = [f"{v * 3.6:.0f}" if what == "speed" else f"{v:.0f}" for v in (values[0], values[-1])]
    number = span[0] if span[0] == span[1] else f"{span[0]}–{span[1]}"
    if what == "lanes":
        return say(
            f"{street} ({kind}): {number} {'lane' if number == '1' else 'lanes'} each way, guessed along {length}",
            f"{street}（{kind}）：{zh_length}的车道数（单向{number}条）为推测",
        )
    return say(
        f"{street} ({kind}): speed limit {number} km/h, guessed along {length}",
        f"{street}（{kind}）：{zh_length}的限速（{number}公里/小时）为推测",
    )


def _how_wrong(
    guessed: Sequence[NetEdge], tagged: Sequence[NetEdge], value: Callable[[NetEdge], float]
) -> Mapping[str, float]:
    """Road class -> mean distance of the tags of its class from the usual guess, relative to the larger of both."""
    of_class: dict[str, list[float]] = defaultdict(list)
    for edge in tagged:
        of_class[edge.kind].append(value(edge))
    guesses: dict[str, list[float]] = defaultdict(list)
    for edge in guessed:
        guesses[edge.kind].append(value(edge))
    usual = {kind: median(values) for kind, values in guesses.items()}
    errors = {
        kind: [abs(tag - usual[kind]) / max(tag, usual[kind], 1e-9) for tag in of_class.get(kind, [])] for kind in usual
    }
    everywhere = [error for kind in errors for error in errors[kind]]
    fallback = mean(everywhere) if len(everywhere) >= _FEWEST else 1.0
    return {kind: mean(found) if len(found) >= _FEWEST else fallback for kind, found in errors.items()}


def _border(evidence: Evidence) -> list[Doubt]:
    """What comes and goes where roads leave the map; both directions of a road are one doubt."""
    roads: dict[tuple[str, str], list[NetEdge]] = defaultdict(list)
    for edge in evidence.net.edges:
        if drawn(edge) and edge.edge_id in evidence.gateways_into | evidence.gateways_out:
            roads[_unnamed(edge, evidence), edge.name].append(edge)
    doubts = []
    for (way, name), edges in roads.items():
        first = edges[0]
        street = name or way
        x, y = first.shape[-1] if first.edge_id in evidence.gateways_out else first.shape[0]
        doubts.append(
            Doubt(
                kind="border_flow",
                osm=way if first.osm_ways else "",
                net=" ".join(e.edge_id for e in edges),
                what=say(
                    f"{street} ({first.kind}) leaves the map here; its traffic beyond is unknown",
                    f"{street}（{first.kind}）在此离开地图范围，界外交通未知",
                ),
                remedy=say("give a count at this place", "提供此处的交通量观测"),
                influence=1.0,
                x=x,
                y=y,
            )
        )
    return doubts


def _plans(evidence: Evidence) -> list[Doubt]:
    """Guessed plans, where nobody has graded them yet."""
    if any("plan" in doubt.kind for doubt in evidence.doubts):
        return []
    held = entries(evidence.net)
    names = {e.edge_id: e.name for e in evidence.net.edges}
    doubts = []
    for row in evidence.layer("signals"):
        if row["plan_source"] != "guessed":
            continue
        streets = sorted({names[e] for e in held.get(row["tls_id"], ()) if names[e]})
        at = " / ".join(streets[:3]) or row["tls_id"]
        doubts.append(
            Doubt(
                kind="guessed_plan",
                osm=" ".join(f"n{node}" for node in row["osm_nodes"].split()),
                net=row["tls_id"],
                what=say(f"signal {at}: its plan is guessed", f"信号灯 {at}：配时方案为推测"),
                remedy=say("import its real plan", "导入真实配时方案"),
                influence=1.0,
                x=row["geometry"].x,
                y=row["geometry"].y,
            )
        )
    return doubts


def left_out(evidence: Evidence, cover: tuple[Cover, ...]) -> list[Doubt]:
    """Roads of the map that the network lacks; what hangs on one is its share of the map's drivable length."""
    tags = evidence.source.ways if evidence.source else {}
    total = sum(c.length_m for c in cover)
    doubts = []
    for one in cover:
        if one.lost_m < _LEAST_LOST_M:
            continue
        way = evidence.osm_way(one.way)
        name, kind = tags[one.way].get("name", way), tags[one.way].get("highway", "")
        what = say(
            f"{name} ({kind}): {one.lost_m:.0f} m are not in the network",
            f"{name}（{kind}）：有{one.lost_m:.0f}米未进入路网",
        )
        remedy = say(
            "check how it joins the streets around it: one-way tags, barriers, gaps",
            "检查其与周边道路的连接：单行标签、障碍物、断点",
        )
        doubts.append(Doubt("left_out_road", way, "", what, remedy, one.lost_m / total, one.x, one.y))
    return doubts
