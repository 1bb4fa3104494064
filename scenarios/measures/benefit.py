"""Time as money: what a run costs its travellers, and what they gain from one state of things to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from networks.sentence import Sentence, say
from scenarios.measures.dictionary import Tables, measure
from scenarios.measures.trips import cars, needing, travel_times_s

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ValueOfTime:
    """What an hour of travel is worth.

    Attributes:
        per_person_h: Money per person and hour.
        currency: With the year of its prices.
        source: Where the value is from.
        persons: Persons in a vehicle; 1.0 counts the driver alone, a lower bound.
    """

    per_person_h: float
    currency: str
    source: Sentence
    persons: float = 1.0

    def cost(self, seconds: float) -> float:
        """Money for so many vehicle-seconds."""
        return seconds / 3600.0 * self.per_person_h * self.persons


USDOT_2016 = ValueOfTime(
    14.10,
    "USD (2015)",
    say(
        "US DOT (2016), Revised Departmental Guidance on Valuation of Travel Time in Economic Analysis: local travel, "
        "all purposes, per person-hour; the driver alone is counted",
        "美国运输部（2016）《经济分析中行程时间价值修订指南》：本地出行、全部目的、每人小时；仅计驾驶人",
    ),
)


def rule_of_half(
    trips_before: ArrayLike, trips_after: ArrayLike, cost_before: ArrayLike, cost_after: ArrayLike
) -> float:
    """Change of consumer surplus over cells (origin-destination pairs, classes): sum of (T0 + T1) / 2 x (c0 - c1).

    Args:
        trips_before: Trips of each cell before, any shape.
        trips_after: After, same shape.
        cost_before: Generalised cost of one trip before, same shape; any unit, which is the result's.
        cost_after: After.

    Returns:
        Positive when travellers gain. Cells without trips on either side do not count, whatever their cost.

    Source: the rule of a half, UK TAG unit A1.3 (2019), section 2; Neuburger (1971), Journal of Transport Economics
    and Policy 5(1).
    """
    before, after = np.asarray(trips_before, dtype=float), np.asarray(trips_after, dtype=float)
    gain = np.asarray(cost_before, dtype=float) - np.asarray(cost_after, dtype=float)
    used = (before + after) > 0
    return float((0.5 * (before + after)[used] * gain[used]).sum())


def user_benefit(before: pd.DataFrame, after: pd.DataFrame, end_s: float, value: ValueOfTime = USDOT_2016) -> float:
    """Money that travellers gain from one run to another with the same seed, by the rule of a half.

    Vehicles in both runs count with their own change of travel time (until `end_s` where they had not arrived).
    Vehicles in one run only gave up or joined: half of the mean change of the others.

    Args:
        before: Table `trips` of the state of things.
        after: Table `trips` of the alternative.
        end_s: End of both runs.
        value: What an hour is worth.
    """
    times = []
    for table in (before, after):
        run = Tables({"trips": table}, {"warm_up_s": -np.inf, "end_s": end_s})
        trips = cars(run)
        times.append(dict(zip(trips["vehicle_id"], travel_times_s(run, trips), strict=True)))
    old, new = times
    both = sorted(set(old) & set(new))
    gain_s = sum(old[v] - new[v] for v in both)
    others = len(old) + len(new) - 2 * len(both)
    mean_gain_s = gain_s / len(both) if both else 0.0
    return value.cost(gain_s + 0.5 * others * mean_gain_s)


@measure(
    say("Cost of travel time", "行程时间成本"),
    USDOT_2016.currency,
    "lower",
    say(
        f"Time from planned departure to arrival (or the end) of all trips planned after the warm-up, at "
        f"{USDOT_2016.per_person_h:.2f} {USDOT_2016.currency} an hour and vehicle. A difference is the user benefit "
        "only while the same trips are made; where trips are given up or added, twin compare takes the rule of a half.",
        "预热后计划的全部出行从计划出发到到达（或结束）的时间，"
        f"按每车每小时{USDOT_2016.per_person_h:.2f} {USDOT_2016.currency}计。"
        "仅当出行集合不变时差值才是用户效益；有放弃或新增出行时，twin compare采用半值法。",
    ),
    needs=needing("arrival_s"),
    source=USDOT_2016.source,
)
def time_cost_usd(_city: Any, run: Tables) -> float | None:
    return USDOT_2016.cost(float(travel_times_s(run, cars(run)).sum()))
