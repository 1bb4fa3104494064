"""What the roads look like: speed, water, closures, queues and spill-back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

if TYPE_CHECKING:
    import pandas as pd

DEEP_M = 0.15
JAM_SPACING_M = 7.5
"""Road that a standing car takes: 5 m and a gap of 2.5 m, SUMO's default vehicle."""
FULL = 0.9
"""A queue that takes this share of an edge's lanes has reached its upstream end (ours)."""
SHORTEST_EDGE_M = 30.0
"""On shorter edges two or three cars at a red light are a full edge, and no spill-back."""
SUMO_EDGES = say("SUMO edgeData (sampledSeconds, speed)", "SUMO edgeData（sampledSeconds、speed）")
STANDING = {"edges": ("time_s", "edge_id", "standing_s")}


@measure(
    say("Mean speed on the roads", "道路平均车速"),
    "m/s",
    "higher",
    say(
        "Vehicle-metres over vehicle-seconds on all edges after the warm-up.",
        "预热后全部路段的车辆行驶里程除以车辆行驶时间。",
    ),
    needs={"edges": ("time_s", "edge_id", "density_vpkm", "speed_mps")},
    source=SUMO_EDGES,
)
def mean_speed_mps(city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    length = city.layer("edges").set_index("edge_id")["length_m"]
    length_m = edges["edge_id"].map(length).astype(float)
    vehicle_s = edges["density_vpkm"] * length_m / 1000.0 * run.facts["interval_s"]
    driven_m = (vehicle_s * edges["speed_mps"]).where(vehicle_s > 0, 0.0)
    total = float(vehicle_s.sum())
    return float(driven_m.sum()) / total if total > 0 else None


@measure(
    say("Vehicles driving into water", "驶入积水的车辆"),
    "entries",
    "lower",
    say(
        f"Times that a vehicle entered an edge with more than {DEEP_M} m of water.",
        f"车辆驶入积水深于{DEEP_M}米路段的次数。",
    ),
    needs={"edges": ("time_s", "depth_m", "entered")},
)
def vehicles_in_water(_city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    return float(edges.loc[edges["depth_m"] > DEEP_M, "entered"].sum())


@measure(
    say("Vehicles trapped", "被困车辆"),
    "vehicles",
    "lower",
    say(
        "Vehicles whose engine died in the water; they stand in their lanes until the end of the run.",
        "因水深熄火、滞留车道直至运行结束的车辆数。",
    ),
    needs={"trips": ("trapped",)},
)
def vehicles_trapped(_city: Any, run: Tables) -> float | None:
    return float(run.tables["trips"]["trapped"].sum())


@measure(
    say("Roads closed", "道路封闭"),
    "edge h",
    "lower",
    say("Edges closed to cars, times hours.", "对小汽车封闭的路段数乘以小时数。"),
    needs={"edges": ("time_s", "closed")},
)
def road_closed_edge_h(_city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    return float(edges["closed"].sum()) * run.facts["interval_s"] / 3600.0


def approaches(city: Any) -> pd.DataFrame:
    """Edges that end at a junction from which a road goes on, by edge_id: lanes, length_m."""
    edges = city.layer("edges")
    on = edges[edges["to_node"].isin(set(edges["from_node"])) & (edges["highway"] != "outside")]
    return on.set_index("edge_id")[["lanes", "length_m"]]


def queues_m(city: Any, run: Tables) -> pd.DataFrame:
    """Queue on each approach in each interval: time_s, edge_id, queue_m (mean length of a lane's queue), length_m."""
    told = run.measured("edges", "time_s")[["time_s", "edge_id", "standing_s"]]
    told = told.join(approaches(city), on="edge_id", how="inner")
    standing = told["standing_s"].fillna(0.0) / run.facts["interval_s"]
    told["queue_m"] = standing * JAM_SPACING_M / told["lanes"].clip(lower=1)
    return told


def _intervals(run: Tables) -> float:
    seconds = run.facts["end_s"] - run.facts["warm_up_s"]
    return max(float(np.ceil(seconds / run.facts["interval_s"])), 1.0)


@measure(
    say("Vehicles queueing", "排队车辆数"),
    "vehicles",
    "lower",
    say(
        "Mean number of vehicles that stand on the approaches to junctions, the whole network together, after the "
        "warm-up. An approach is an edge at whose end a road goes on.",
        "预热后全路网交叉口进口道上静止车辆的平均数。进口道指末端有道路相接的路段。",
    ),
    needs=STANDING,
    source=say("SUMO edgeData (waitingTime)", "SUMO edgeData（waitingTime）"),
)
def queue_mean_vehicles(city: Any, run: Tables) -> float | None:
    standing = float(queues_m(city, run)["standing_s"].sum())
    return standing / (_intervals(run) * run.facts["interval_s"])


@measure(
    say("Longest queue", "最长排队"),
    "m",
    "lower",
    say(
        f"Longest queue on an approach to a junction: standing vehicles times {JAM_SPACING_M} m over its lanes, a mean "
        "over each interval of the edge table, so peaks within a signal's cycle are longer.",
        f"交叉口进口道的最长排队：静止车辆数乘以{JAM_SPACING_M}米再除以车道数，按路段表各时段取平均，故信号周期内的峰值更长。",
    ),
    needs=STANDING,
    source=say(
        "SUMO edgeData (waitingTime); spacing as SUMO's default car",
        "SUMO edgeData（waitingTime）；车头间距取SUMO默认小汽车",
    ),
)
def queue_longest_m(city: Any, run: Tables) -> float | None:
    queues = queues_m(city, run)
    return float(queues["queue_m"].max()) if len(queues) else 0.0


@measure(
    say("Spill-back", "排队溢流"),
    "edge min",
    "lower",
    say(
        f"Minutes in which the queue of an approach took at least {FULL:.0%} of its length, so that it reached the "
        f"junction upstream; edges of at least {SHORTEST_EDGE_M:.0f} m, means over each interval of the edge table.",
        f"进口道排队占其长度{FULL:.0%}以上、即溢流至上游交叉口的分钟数；仅计长度不小于{SHORTEST_EDGE_M:.0f}米的路段，"
        "按路段表各时段取平均。",
    ),
    needs=STANDING,
    source=say(
        "This project's own definition, in the sense of GA/T 527.2's spill-back rate, whose text is not open",
        "本项目自定义，参照GA/T 527.2溢流率之意（该标准全文未公开）",
    ),
)
def spillback_edge_min(city: Any, run: Tables) -> float | None:
    queues = queues_m(city, run)
    long = queues["length_m"] >= SHORTEST_EDGE_M
    full = queues["queue_m"] >= FULL * queues["length_m"]
    return float((long & full).sum()) * run.facts["interval_s"] / 60.0
