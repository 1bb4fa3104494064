"""How far a traveller can rely on a travel time: planning time index and buffer index.

Within one run the spread is over trips. Trips differ in length, so each is divided by its own free-flow time before
percentiles are taken; where FHWA weights road sections by distance, here every trip counts once. Over days, use
`buffer_index` on the travel times of the members of an ensemble.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure
from scenarios.measures.trips import cars, needing

SHORTEST_FREE_S = 30.0
"""A trip that has driven less than this at free speed says nothing about a ratio (ours)."""
FHWA = say(
    "FHWA (2006), Travel Time Reliability: Making It There On Time, All The Time (FHWA-HOP-06-070)",
    "美国联邦公路局（2006）《行程时间可靠性》（FHWA-HOP-06-070）",
)
NEEDS = needing("arrival_s", "depart_s", "time_loss_s", "delay_s", "inserted")


def buffer_index(times: Sequence[float] | np.ndarray) -> float:
    """(95th percentile - mean) / mean of travel times in any unit; NaN without times.

    Source: FHWA (2006), FHWA-HOP-06-070.
    """
    values = np.asarray(times, dtype=float)
    if not len(values) or values.mean() <= 0:
        return float("nan")
    return float((np.percentile(values, 95) - values.mean()) / values.mean())


def time_ratios(run: Tables) -> np.ndarray:
    """(trips,) time needed, waiting to enter included, over free-flow time; trips still too short are left out."""
    trips = cars(run)
    trips = trips[trips["inserted"]]
    driven_s = trips["arrival_s"].fillna(run.facts["end_s"]) - trips["depart_s"]
    free_s = np.asarray(driven_s - trips["time_loss_s"] - trips.get("waited_s", 0.0), dtype=float)
    known = free_s >= SHORTEST_FREE_S
    return np.asarray(1.0 + trips["delay_s"].to_numpy(dtype=float)[known] / free_s[known])


@measure(
    say("Planning time index", "计划时间指数"),
    "ratio",
    "lower",
    say(
        "95th percentile, over the trips of one run, of the time needed over the free-flow time of the same trip.",
        "单次运行中各出行实际用时与其自由流用时之比的第95百分位。",
    ),
    needs=NEEDS,
    source=FHWA,
)
def planning_time_index(_city: Any, run: Tables) -> float | None:
    ratios = time_ratios(run)
    return float(np.percentile(ratios, 95)) if len(ratios) else None


@measure(
    say("Buffer index", "缓冲时间指数"),
    "ratio",
    "lower",
    say(
        "(95th percentile - mean) / mean of the time needed over the free-flow time of the same trip, over the trips "
        "of one run: the share to add to the mean so as to be late once in twenty.",
        "单次运行中各出行用时与自由流用时之比的（第95百分位－平均值）／平均值：为二十次仅迟到一次须在平均值上增加的比例。",
    ),
    needs=NEEDS,
    source=FHWA,
)
def trip_buffer_index(_city: Any, run: Tables) -> float | None:
    ratios = time_ratios(run)
    return buffer_index(ratios) if len(ratios) else None
