"""What passengers of buses meet: lateness and uneven headways, from the calls of a timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

if TYPE_CHECKING:
    import pandas as pd

LATE_S = 300.0
NEEDS = {"transit": ("line", "stop_id", "planned_s", "arrived_s")}
WAIT = say(
    "Osuna & Newell (1972), Control Strategies for an Idealized Public Transportation System, Transportation Science "
    "6(1): mean wait = sum of squared headways / twice their sum; excess wait as London Buses report it",
    "Osuna与Newell（1972），Transportation Science 6(1)：平均候车时间=车头时距平方和除以其和的两倍；"
    "超额候车时间同伦敦公交口径",
)


def _late_s(run: Tables) -> np.ndarray:
    """(calls,) s after the planned departure; of buses that have not come, so far."""
    calls = run.measured("transit", "planned_s")
    came = calls["arrived_s"].fillna(run.facts["end_s"])
    return np.asarray(came - calls["planned_s"], dtype=float).clip(min=0.0)


@measure(
    say("Mean lateness of buses", "公交平均晚点"),
    "s",
    "lower",
    say(
        "Mean time from planned departure to arrival at a stop, over calls planned after the warm-up; who comes before "
        "counts 0 (buses wait for their time), who has not come counts until the end.",
        "预热后计划的各次停靠从计划发车到实际到站的平均时间；提前到站计0（公交到点发车），未到站者计至运行结束。",
    ),
    needs=NEEDS,
)
def bus_lateness_mean_s(_city: Any, run: Tables) -> float | None:
    late = _late_s(run)
    return float(late.mean()) if len(late) else None


@measure(
    say("Buses on time", "公交准点率"),
    "share",
    "higher",
    say(
        f"Share of the calls planned after the warm-up that the bus reached at most {LATE_S / 60:g} minutes late.",
        f"预热后计划的停靠中，晚点不超过{LATE_S / 60:g}分钟到站的比例。",
    ),
    needs=NEEDS,
    source=say(
        "Five minutes: the limit of most agencies that TCRP Synthesis 10 reviewed, as the Transit Capacity and Quality "
        "of Service Manual (2nd ed., 2003) tells",
        "5分钟：TCRP Synthesis 10调查的多数公交机构所用标准，引自《公共交通通行能力与服务质量手册》（第2版，2003）",
    ),
)
def buses_on_time(_city: Any, run: Tables) -> float | None:
    late = _late_s(run)
    return float((late <= LATE_S).mean()) if len(late) else None


@measure(
    say("Excess wait for buses", "公交超额候车时间"),
    "s",
    "lower",
    say(
        "Mean wait of a passenger who comes at any moment, by the headways between arrivals, minus the same by the "
        "planned headways: what bunching costs. Stops of a line with at least two arrivals after the warm-up.",
        "乘客随机到站时按实际到站间隔计算的平均候车时间，减去按计划间隔计算的值：即串车造成的损失。"
        "仅计预热后至少有两次到站的线路站点。",
    ),
    needs=NEEDS,
    source=WAIT,
)
def bus_excess_wait_s(_city: Any, run: Tables) -> float | None:
    calls = run.measured("transit", "planned_s").dropna(subset=["arrived_s"])
    driven, planned = _wait_s(calls, "arrived_s"), _wait_s(calls, "planned_s")
    return None if driven is None or planned is None else driven - planned


def _wait_s(calls: pd.DataFrame, column: str) -> float | None:
    gaps = [np.diff(np.sort(group[column].to_numpy(float))) for _, group in calls.groupby(["line", "stop_id"])]
    headways = np.concatenate(gaps) if gaps else np.zeros(0)
    total = float(headways.sum())
    return float((headways**2).sum()) / (2.0 * total) if total > 0 else None
