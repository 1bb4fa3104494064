"""What visitors who come by car meet, and what they are to everybody else: full car parks, queues on the street."""

from __future__ import annotations

from typing import Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

SEEKERS = {"seekers": ("vehicle_id", "parked_s", "since_s"), "trips": ("vehicle_id",)}


@measure(
    say("Longest queue at a car park", "停车场入口最长排队"),
    "vehicles",
    "lower",
    say(
        "Most vehicles that stood on the street because of one car park, at the barrier or behind who stands there, "
        "whether they want to park or not; looked at every minute.",
        "因某一停车场而停在道路上的车辆数最大值（含闸口处及其后方车辆，无论是否要停车）；每分钟统计一次。",
    ),
    needs={"car_parks": ("queue",)},
)
def parking_queue_max(_city: Any, run: Tables) -> float | None:
    queue = run.tables["car_parks"]["queue"]
    return float(queue.max()) if len(queue) else None


@measure(
    say("Mean time lost looking for a place", "平均寻找车位耗时"),
    "s",
    "lower",
    say(
        "Mean, over cars of visitors that were due before the end, of the time from when they first stood in the queue "
        "of a car park, or were turned away at one, until they were in one; 0 for who drove in at once; who is in none "
        "counts until the end.",
        "运行结束前应出发的观众车辆，自首次在停车场前排队或被引导至别处起至停入的平均时间；直接驶入者计0；未停入者计至运行结束。",
    ),
    needs=SEEKERS,
)
def parking_search_mean_s(_city: Any, run: Tables) -> float | None:
    seekers = _due(run)
    lost = seekers["parked_s"].fillna(run.facts["end_s"]) - seekers["since_s"]
    return float(lost.fillna(0.0).mean()) if len(seekers) else None


@measure(
    say("Visitors' cars that found a place", "找到车位的观众车辆比例"),
    "share",
    "higher",
    say(
        "Share of the cars of visitors that were due before the end which are in a car park by then.",
        "运行结束前应出发的观众车辆中，已停入停车场的比例。",
    ),
    needs=SEEKERS,
)
def parked_share(_city: Any, run: Tables) -> float | None:
    seekers = _due(run)
    return float(seekers["parked_s"].notna().mean()) if len(seekers) else None


@measure(
    say("Visitors there in time", "按时到场的观众比例"),
    "share",
    "higher",
    say(
        "Share of the visitors who come to an event that are at the site when it begins.",
        "前来的观众中，活动开始时已到场者的比例。",
    ),
    needs={"walkers": ("arrive_s", "event_begin_s", "inward")},
)
def visitors_in_time(_city: Any, run: Tables) -> float | None:
    walkers = run.tables["walkers"]
    come = walkers[walkers["inward"] & (walkers["event_begin_s"] <= run.facts["end_s"])]
    return float((come["arrive_s"] <= come["event_begin_s"]).mean()) if len(come) else None


def _due(run: Tables) -> Any:
    seekers = run.tables["seekers"]
    return seekers[np.isin(seekers["vehicle_id"], run.tables["trips"]["vehicle_id"])]
