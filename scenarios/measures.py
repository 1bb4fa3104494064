"""The dictionary of measures: pure functions of (city, run tables), each with a unit, a direction and a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

DEEP_M = 0.15
CROWDED_PM2 = 3.5
DENSE_PM2 = 2.0


@dataclass(frozen=True)
class Tables:
    """What a measure may look at.

    Attributes:
        tables: `edges`, `trips`, `walkers`, `links`, `crowding`, `calls` by name.
        facts: `warm_up_s`, `end_s`, `interval_s`, `validity`.
    """

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]

    def measured(self, name: str, column: str) -> pd.DataFrame:
        """The rows of a table whose time in `column` is after the warm-up."""
        table = self.tables[name]
        return table[table[column] >= self.facts["warm_up_s"]]


@dataclass(frozen=True)
class Measure:
    """What is compared: `fn(city, tables)` gives its value from one `table`, or None where it means nothing."""

    name: str
    title: dict[str, str]
    unit: str
    better: Literal["lower", "higher"]
    definition: dict[str, str]
    table: str
    fn: Callable[[Any, Tables], float | None]


TITLES: dict[str, dict[str, str]] = {
    "mean_delay_s": {"en": "Mean delay of trips", "zh": "平均出行延误"},
    "trips_finished": {"en": "Trips finished", "zh": "完成的出行"},
    "mean_speed_mps": {"en": "Mean speed on the roads", "zh": "道路平均车速"},
    "vehicles_in_water": {"en": "Vehicles driving into water", "zh": "驶入积水的车辆"},
    "road_closed_edge_h": {"en": "Roads closed", "zh": "道路封闭"},
    "egress_p90_s": {"en": "Time until 90 % of visitors are away", "zh": "90%观众离场用时"},
    "egress_mean_s": {"en": "Mean time until visitors are away", "zh": "观众平均离场用时"},
    "person_min_crowded": {"en": "Time in dangerous crowding", "zh": "危险拥挤下的人分钟"},
    "person_min_dense": {"en": "Time in dense crowds", "zh": "密集人群中的人分钟"},
    "ambulance_response_mean_s": {"en": "Mean ambulance response", "zh": "救护车平均响应时间"},
    "ambulance_response_max_s": {"en": "Longest ambulance response", "zh": "救护车最长响应时间"},
    "calls_answered": {"en": "Calls answered", "zh": "已响应的呼救"},
    "teleports": {"en": "Vehicles moved by force", "zh": "被强制移动的车辆"},
}

MEASURES: dict[str, Measure] = {}
Function = Callable[[Any, Tables], float | None]


def _measure(
    table: str, unit: str, better: Literal["lower", "higher"], en: str, zh: str
) -> Callable[[Function], Function]:
    def register(fn: Function) -> Function:
        MEASURES[fn.__name__] = Measure(fn.__name__, TITLES[fn.__name__], unit, better, {"en": en, "zh": zh}, table, fn)
        return fn

    return register


def evaluate(city: Any, tables: Tables) -> dict[str, float]:
    """Every measure that means something for these tables, by name; one whose table is not there is left out."""
    there = {name: measure for name, measure in MEASURES.items() if measure.table in tables.tables}
    values = {name: measure.fn(city, tables) for name, measure in there.items()}
    return {name: float(value) for name, value in values.items() if value is not None and np.isfinite(value)}


def _cars(run: Tables) -> pd.DataFrame:
    trips = run.measured("trips", "depart_planned_s")
    return trips[trips["kind"] != "ambulance"]


@_measure(
    "trips",
    "s",
    "lower",
    "Mean delay of all trips planned after the warm-up: time lost against free flow plus waiting to enter; "
    "trips that were under way or waiting at the end count with what they had lost by then.",
    "预热后所有计划出行的平均延误：相对自由流的时间损失加上等待进入路网的时间；结束时未完成的出行按当时已损失的时间计。",
)
def mean_delay_s(_city: Any, run: Tables) -> float | None:
    trips = _cars(run)
    return float(trips["delay_s"].mean()) if len(trips) else None


@_measure(
    "trips",
    "trips",
    "higher",
    "Trips planned after the warm-up that arrived before the end.",
    "预热后计划的出行中在结束前到达的数量。",
)
def trips_finished(_city: Any, run: Tables) -> float | None:
    return float(_cars(run)["finished"].sum())


@_measure(
    "edges",
    "m/s",
    "higher",
    "Vehicle-metres over vehicle-seconds on all edges after the warm-up.",
    "预热后全部路段的车辆行驶里程除以车辆行驶时间。",
)
def mean_speed_mps(city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    length = city.layer("edges").set_index("edge_id")["length_m"]
    vehicle_s = edges["density_vpkm"] * edges["edge_id"].map(length) / 1000.0 * run.facts["interval_s"]
    driven_m = (vehicle_s * edges["speed_mps"]).where(vehicle_s > 0, 0.0)
    total = float(vehicle_s.sum())
    return float(driven_m.sum()) / total if total > 0 else None


@_measure(
    "edges",
    "entries",
    "lower",
    f"Times that a vehicle entered an edge with more than {DEEP_M} m of water.",
    f"车辆驶入积水深于{DEEP_M}米路段的次数。",
)
def vehicles_in_water(_city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    return float(edges.loc[edges["depth_m"] > DEEP_M, "entered"].sum())


@_measure("edges", "edge h", "lower", "Edges closed to cars, times hours.", "对小汽车封闭的路段数乘以小时数。")
def road_closed_edge_h(_city: Any, run: Tables) -> float | None:
    edges = run.measured("edges", "time_s")
    return float(edges["closed"].sum()) * run.facts["interval_s"] / 3600.0


@_measure(
    "walkers",
    "s",
    "lower",
    "90th percentile, over visitors, of the time from the end of the event to the stop, car park or way out; "
    "those still walking at the end count with the end of the run.",
    "观众从活动结束到抵达站点、停车场或出口所用时间的第90百分位；结束时仍在步行者按运行结束时刻计。",
)
def egress_p90_s(_city: Any, run: Tables) -> float | None:
    times = _egress(run)
    return float(np.percentile(times, 90)) if len(times) else None


@_measure(
    "walkers",
    "s",
    "lower",
    "Mean, over visitors, of the time from the end of the event to the stop, car park or way out.",
    "观众从活动结束到抵达站点、停车场或出口所用时间的平均值。",
)
def egress_mean_s(_city: Any, run: Tables) -> float | None:
    times = _egress(run)
    return float(times.mean()) if len(times) else None


def _egress(run: Tables) -> np.ndarray:
    walkers = run.tables["walkers"]
    arrive = walkers["arrive_s"].fillna(run.facts["end_s"]).to_numpy()
    return np.asarray(arrive - walkers["event_end_s"].to_numpy())


@_measure(
    "crowding",
    "person min",
    "lower",
    f"Minutes that persons spent on paths with more than {CROWDED_PM2} persons per m2.",
    f"行人处于密度高于每平方米{CROWDED_PM2}人的路径上的人分钟数。",
)
def person_min_crowded(_city: Any, run: Tables) -> float | None:
    return _crowding(run, CROWDED_PM2)


@_measure(
    "crowding",
    "person min",
    "lower",
    f"Minutes that persons spent on paths with more than {DENSE_PM2} persons per m2.",
    f"行人处于密度高于每平方米{DENSE_PM2}人的路径上的人分钟数。",
)
def person_min_dense(_city: Any, run: Tables) -> float | None:
    return _crowding(run, DENSE_PM2)


def _crowding(run: Tables, above_pm2: float) -> float | None:
    if not len(run.tables["walkers"]):
        return None
    table = run.tables["crowding"]
    return float(table.loc[table["above_pm2"] == above_pm2, "person_s"].sum()) / 60.0


@_measure(
    "calls",
    "s",
    "lower",
    "Mean time from a call to the arrival of its ambulance; a call without one counts until the end of the run.",
    "从呼救到救护车到达的平均时间；未到达者按运行结束时刻计。",
)
def ambulance_response_mean_s(_city: Any, run: Tables) -> float | None:
    times = _responses(run)
    return float(times.mean()) if len(times) else None


@_measure("calls", "s", "lower", "Longest of the response times.", "最长的响应时间。")
def ambulance_response_max_s(_city: Any, run: Tables) -> float | None:
    times = _responses(run)
    return float(times.max()) if len(times) else None


def _responses(run: Tables) -> np.ndarray:
    calls = run.tables["calls"]
    until_end = run.facts["end_s"] - calls["time_s"]
    return np.asarray(calls["response_s"].fillna(until_end).to_numpy(dtype=float))


@_measure("calls", "calls", "higher", "Calls whose ambulance arrived before the end.", "救护车在结束前到达的呼救数。")
def calls_answered(_city: Any, run: Tables) -> float | None:
    calls = run.tables["calls"]
    return float(calls["answered"].sum()) if len(calls) else None


@_measure(
    "trips",
    "vehicles",
    "lower",
    "Vehicles that SUMO moved on by force after they had stood too long: a sign of gridlock.",
    "停滞过久而被SUMO强制移走的车辆：拥堵锁死的征兆。",
)
def teleports(_city: Any, run: Tables) -> float | None:
    return float(run.facts["validity"]["teleports"])
