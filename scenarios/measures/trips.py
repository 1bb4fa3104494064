"""What drivers meet: delay, stops, travel time, throughput."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

if TYPE_CHECKING:
    import pandas as pd

TRIPS = {"trips": ("kind", "depart_planned_s")}
SUMO_TRIPS = say("SUMO tripinfo (timeLoss, departDelay)", "SUMO tripinfo（timeLoss、departDelay）")


def needing(*columns: str) -> dict[str, tuple[str, ...]]:
    """The table `trips` with further columns."""
    return {"trips": (*TRIPS["trips"], *columns)}


def everybody(run: Tables) -> pd.DataFrame:
    """Vehicles planned after the warm-up, but ambulances."""
    trips = run.measured("trips", "depart_planned_s")
    return trips[trips["kind"] != "ambulance"]


def cars(run: Tables) -> pd.DataFrame:
    """Trips planned after the warm-up; ambulances, and buses that keep a timetable, are no trips."""
    trips = everybody(run)
    return trips[~trips["vehicle_id"].isin(run.tables["transit"]["vehicle_id"])] if "transit" in run.tables else trips


def travel_times_s(run: Tables, trips: pd.DataFrame) -> np.ndarray:
    """(trips,) seconds from planned departure to arrival; until the end for those that had not arrived."""
    until = trips["arrival_s"].fillna(run.facts["end_s"])
    return np.asarray((until - trips["depart_planned_s"]).clip(lower=0.0), dtype=float)


@measure(
    say("Mean delay of trips", "平均出行延误"),
    "s",
    "lower",
    say(
        "Mean delay of all trips planned after the warm-up: time lost against free flow plus waiting to enter; "
        "trips that were under way or waiting at the end count with what they had lost by then. Simulated delay: it "
        "is not the HCM's control delay, and no level of service follows from it.",
        "预热后所有计划出行的平均延误：相对自由流的时间损失加上等待进入路网的时间；结束时未完成的出行按当时已损失的时间计。"
        "此为仿真延误，不是HCM的控制延误，不能据此判定服务水平。",
    ),
    needs=needing("delay_s"),
    source=SUMO_TRIPS,
)
def mean_delay_s(_city: Any, run: Tables) -> float | None:
    trips = cars(run)
    return float(trips["delay_s"].mean()) if len(trips) else None


@measure(
    say("Trips finished", "完成的出行"),
    "trips",
    "higher",
    say("Trips planned after the warm-up that arrived before the end.", "预热后计划的出行中在结束前到达的数量。"),
    needs=needing("finished"),
    source=SUMO_TRIPS,
)
def trips_finished(_city: Any, run: Tables) -> float | None:
    return float(cars(run)["finished"].sum())


@measure(
    say("Throughput", "路网通过量"),
    "vehicles/h",
    "higher",
    say(
        "Vehicles that arrived after the warm-up, whenever they were planned, over the hours measured. A quicker world "
        "may have brought some home before: read it beside the trips finished.",
        "预热后到达目的地的车辆数（不论计划何时出发）除以所测小时数。更畅通时部分车辆可能在此前已到达：须与完成的出行数一并解读。",
    ),
    needs=needing("arrival_s"),
    source=SUMO_TRIPS,
)
def throughput_vph(_city: Any, run: Tables) -> float | None:
    trips = run.tables["trips"]
    hours = (run.facts["end_s"] - run.facts["warm_up_s"]) / 3600.0
    arrived = (trips["arrival_s"] >= run.facts["warm_up_s"]) & (trips["kind"] != "ambulance")
    return float(arrived.sum()) / hours if hours > 0 else None


@measure(
    say("Mean travel time", "平均行程时间"),
    "s",
    "lower",
    say(
        "Mean time from planned departure to arrival, trips planned after the warm-up; those that had not arrived "
        "count until the end, so that a run in which nobody arrives does not look quick.",
        "预热后计划的出行从计划出发到到达的平均时间；未到达者计至运行结束，以免无人到达的运行显得很快。",
    ),
    needs=needing("arrival_s"),
    source=SUMO_TRIPS,
)
def travel_time_mean_s(_city: Any, run: Tables) -> float | None:
    times = travel_times_s(run, cars(run))
    return float(times.mean()) if len(times) else None


@measure(
    say("95th percentile of travel times", "行程时间第95百分位"),
    "s",
    "lower",
    say(
        "95th percentile of the times from planned departure to arrival, over the trips of one run; those that had "
        "not arrived count until the end.",
        "单次运行中各出行从计划出发到到达时间的第95百分位；未到达者计至运行结束。",
    ),
    needs=needing("arrival_s"),
    source=say(
        "FHWA (2006), Travel Time Reliability: Making It There On Time, All The Time",
        "美国联邦公路局（2006）《行程时间可靠性》",
    ),
)
def travel_time_p95_s(_city: Any, run: Tables) -> float | None:
    times = travel_times_s(run, cars(run))
    return float(np.percentile(times, 95)) if len(times) else None


@measure(
    say("Stops per trip", "每次出行停车次数"),
    "stops/trip",
    "lower",
    say(
        "Mean number of times that a trip planned after the warm-up came to a standstill (below 0.1 m/s), over trips "
        "that entered the network.",
        "预热后计划且已进入路网的出行平均停车次数（速度低于0.1米/秒计一次）。",
    ),
    needs=needing("stops", "inserted"),
    source=say("SUMO tripinfo (waitingCount)", "SUMO tripinfo（waitingCount）"),
)
def stops_per_trip(_city: Any, run: Tables) -> float | None:
    trips = cars(run)
    trips = trips[trips["inserted"]]
    return float(trips["stops"].mean()) if len(trips) else None


@measure(
    say("Time standing per trip", "每次出行停滞时间"),
    "s",
    "lower",
    say(
        "Mean time that a trip planned after the warm-up stood still (below 0.1 m/s) on the road, over trips that "
        "entered the network.",
        "预热后计划且已进入路网的出行在路上平均静止时间（速度低于0.1米/秒）。",
    ),
    needs=needing("standing_s", "inserted"),
    source=say("SUMO tripinfo (waitingTime)", "SUMO tripinfo（waitingTime）"),
)
def standing_per_trip_s(_city: Any, run: Tables) -> float | None:
    trips = cars(run)
    trips = trips[trips["inserted"]]
    return float(trips["standing_s"].mean()) if len(trips) else None


@measure(
    say("Distance driven", "行驶里程"),
    "vehicle km",
    "lower",
    say(
        "Kilometres driven by trips planned after the warm-up, detours included. Read it beside the trips finished: "
        "who does not arrive drives less.",
        "预热后计划的出行所行驶的公里数，含绕行。须与完成的出行数一并解读：未到达者里程较少。",
    ),
    needs=needing("length_m"),
    source=say("SUMO tripinfo (routeLength)", "SUMO tripinfo（routeLength）"),
)
def driven_km(_city: Any, run: Tables) -> float | None:
    return float(cars(run)["length_m"].sum()) / 1000.0


@measure(
    say("Trips that never began", "未能出发的出行"),
    "trips",
    "lower",
    say(
        "Trips planned after the warm-up that never got onto the road before the end: no room to enter, or their own "
        "street was shut by water or a closure.",
        "预热后计划、至结束仍未能上路的出行：无空间驶入，或所在街道因积水或封闭而不通。",
    ),
    needs=needing("inserted"),
    source=SUMO_TRIPS,
)
def trips_never_begun(_city: Any, run: Tables) -> float | None:
    return float((~cars(run)["inserted"].astype(bool)).sum())


@measure(
    say("Vehicles moved by force", "被强制移动的车辆"),
    "vehicles",
    "lower",
    say(
        "Vehicles that SUMO moved on by force after they had stood too long: a sign of gridlock.",
        "停滞过久而被SUMO强制移走的车辆：拥堵锁死的征兆。",
    ),
    needs={"trips": ()},
    source=say("SUMO (time-to-teleport)", "SUMO（time-to-teleport）"),
)
def teleports(_city: Any, run: Tables) -> float | None:
    return float(run.facts["validity"]["teleports"])
