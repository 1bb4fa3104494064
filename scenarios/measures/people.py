"""Visitors on foot, crowding, and calls for help."""

from __future__ import annotations

from typing import Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

CROWDED_PM2 = 3.5
DENSE_PM2 = 2.0
WALKERS = {"walkers": ("arrive_s", "event_end_s")}
CROWDING = {"walkers": (), "crowding": ("above_pm2", "person_s")}
CALLS = {"calls": ("time_s", "response_s")}


@measure(
    say("Time until 90 % of visitors are away", "90%观众离场用时"),
    "s",
    "lower",
    say(
        "90th percentile, over visitors, of the time from the end of the event to the stop, car park or way out; "
        "those still walking at the end count with the end of the run.",
        "观众从活动结束到抵达站点、停车场或出口所用时间的第90百分位；结束时仍在步行者按运行结束时刻计。",
    ),
    needs=WALKERS,
)
def egress_p90_s(_city: Any, run: Tables) -> float | None:
    times = _egress(run)
    return float(np.percentile(times, 90)) if len(times) else None


@measure(
    say("Mean time until visitors are away", "观众平均离场用时"),
    "s",
    "lower",
    say(
        "Mean, over visitors, of the time from the end of the event to the stop, car park or way out.",
        "观众从活动结束到抵达站点、停车场或出口所用时间的平均值。",
    ),
    needs=WALKERS,
)
def egress_mean_s(_city: Any, run: Tables) -> float | None:
    times = _egress(run)
    return float(times.mean()) if len(times) else None


def _egress(run: Tables) -> np.ndarray:
    walkers = run.tables["walkers"]
    if "inward" in walkers:
        walkers = walkers[~walkers["inward"] & (walkers["event_end_s"] <= run.facts["end_s"])]
    arrive = walkers["arrive_s"].fillna(run.facts["end_s"]).to_numpy()
    return np.asarray(arrive - walkers["event_end_s"].to_numpy())


@measure(
    say("Time in dangerous crowding", "危险拥挤下的人分钟"),
    "person min",
    "lower",
    say(
        f"Minutes that persons spent on paths with more than {CROWDED_PM2} persons per m2.",
        f"行人处于密度高于每平方米{CROWDED_PM2}人的路径上的人分钟数。",
    ),
    needs=CROWDING,
)
def person_min_crowded(_city: Any, run: Tables) -> float | None:
    return _crowding(run, CROWDED_PM2)


@measure(
    say("Time in dense crowds", "密集人群中的人分钟"),
    "person min",
    "lower",
    say(
        f"Minutes that persons spent on paths with more than {DENSE_PM2} persons per m2.",
        f"行人处于密度高于每平方米{DENSE_PM2}人的路径上的人分钟数。",
    ),
    needs=CROWDING,
)
def person_min_dense(_city: Any, run: Tables) -> float | None:
    return _crowding(run, DENSE_PM2)


def _crowding(run: Tables, above_pm2: float) -> float | None:
    if not len(run.tables["walkers"]):
        return None
    table = run.tables["crowding"]
    return float(table.loc[table["above_pm2"] == above_pm2, "person_s"].sum()) / 60.0


@measure(
    say("Mean ambulance response", "救护车平均响应时间"),
    "s",
    "lower",
    say(
        "Mean time from a call to the arrival of its ambulance; a call without one counts until the end of the run.",
        "从呼救到救护车到达的平均时间；未到达者按运行结束时刻计。",
    ),
    needs=CALLS,
)
def ambulance_response_mean_s(_city: Any, run: Tables) -> float | None:
    times = _responses(run)
    return float(times.mean()) if len(times) else None


@measure(
    say("Longest ambulance response", "救护车最长响应时间"),
    "s",
    "lower",
    say("Longest of the response times.", "最长的响应时间。"),
    needs=CALLS,
)
def ambulance_response_max_s(_city: Any, run: Tables) -> float | None:
    times = _responses(run)
    return float(times.max()) if len(times) else None


def _responses(run: Tables) -> np.ndarray:
    calls = run.tables["calls"]
    until_end = run.facts["end_s"] - calls["time_s"]
    return np.asarray(calls["response_s"].fillna(until_end).to_numpy(dtype=float))


@measure(
    say("Calls answered", "已响应的呼救"),
    "calls",
    "higher",
    say("Calls whose ambulance arrived before the end.", "救护车在结束前到达的呼救数。"),
    needs={"calls": ("answered",)},
)
def calls_answered(_city: Any, run: Tables) -> float | None:
    calls = run.tables["calls"]
    return float(calls["answered"].sum()) if len(calls) else None
