"""`SpillbackFinder`: queues that fill their street, so that the street before it does not empty any more.

A street is full in a period when it is slow (HCM's level of service F by speed) and its mean queue fills a share of it:

    vehicles on it = flow / period * length / speed        (Little's law; flow and speed of the same period)
    what it holds  = lanes * length / metres per queued vehicle
    share          = flow * metres per vehicle / (period * speed * lanes)

Source of the queue storage ratio: HCM 6th ed., chapter 31; a mean over a period stays below the longest queue of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from calibration.skill import Forecast
from networks.sentence import say
from twin.alarms.finding import Finding
from twin.alarms.streets import Streets
from twin.alarms.thresholds import Spillback
from twin.cycle import Picture

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SpillbackFinder:
    """Looks at the forecasts of "flow" and "speed".

    Attributes:
        thresholds: When a street is full, and how many members have to say so.
        streets: What streets hold.
    """

    thresholds: Spillback
    streets: Streets
    kind: str = "spillback"

    def find(self, picture: Picture) -> list[Finding]:
        """Streets that enough members fill for long enough; the level rises with their share and number."""
        flow, speed = picture.of("flow"), picture.of("speed")
        if flow is None or speed is None or flow.places != speed.places:
            return []
        full = lasting(self.full(flow, speed), int(self.thresholds.periods.value))
        share = full.mean(axis=0)
        told = np.asarray(share >= self.thresholds.probability.value)
        streets = [flow.places[row] for row in np.flatnonzero(told.any(axis=1))]
        row_of = {place: row for row, place in enumerate(flow.places)}
        queue_of = {edge: queue for queue in self.streets.connected(streets) for edge in queue}
        return [
            self._finding(picture, flow, edge, share[row_of[edge]], told[row_of[edge]], queue_of[edge])
            for edge in streets
        ]

    def full(self, flow: Forecast, speed: Forecast) -> Bools:
        """Which street is full in which member and period (M, N, H)."""
        known = [self.streets.by_edge.get(place) for place in flow.places]
        lanes = np.array([one.lanes if one else 1 for one in known], dtype=np.float64)[:, None]
        free_mps = np.array([one.free_mps if one else np.nan for one in known])[:, None]
        long = np.array([one is not None and one.length_m >= self.thresholds.shortest_m.value for one in known])
        return (
            full_streets(flow.members, speed.members, flow.period_s, lanes, free_mps, self.thresholds) & long[:, None]
        )

    def _finding(
        self, picture: Picture, flow: Forecast, edge: str, share: Floats, told: Bools, queue: frozenset[str]
    ) -> Finding:
        first, last = (int(at) for at in np.flatnonzero(told)[[0, -1]])
        begins = max(picture.moment(flow.begin_s) + timedelta(seconds=first * flow.period_s), picture.now)
        ends: datetime | None = None
        if last < len(told) - 1:
            ends = picture.moment(flow.begin_s) + timedelta(seconds=(last + 1) * flow.period_s)
        probability = float(share.max())
        level = "III" if probability >= self.thresholds.sure.value else "IV"
        if level == "III" and len(queue) >= self.thresholds.long.value:
            level = "II"
        when, name = picture.told(begins), self.streets.by_edge[edge].name or edge
        text = say(
            f"the queue on {name} fills the street from {when} on, {probability:.0%} of the members say",
            f"{name} 排队自 {when} 起占满路段（{probability:.0%} 的成员）",
        )
        return Finding(
            self.kind, edge, level, text, picture.now, begins, ends, probability, edges=(edge,),
            place=self.streets.places.get(edge), run_id=picture.run_id,
        )  # fmt: skip


def full_streets(
    flow: Floats, speed_mps: Floats, period_s: float, lanes: Floats, free_mps: Floats, limits: Spillback
) -> Bools:
    """Where the queue fills the street; False where nobody was, or nothing is known.

    Args:
        flow: Vehicles in the period (..., N, H).
        speed_mps: Their harmonic speed (..., N, H); NaN where nobody was.
        period_s: Length of a period.
        lanes: Of each street, to be spread over the periods (N, 1).
        free_mps: Free speed of each street (N, 1).
        limits: Shares of speed and of storage.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        slow = speed_mps <= limits.speed_share.value * free_mps
        share = flow * limits.metres_per_vehicle.value / (period_s * lanes * speed_mps)
        return np.asarray(slow & (share >= limits.filled.value))


def lasting(full: Bools, periods: int) -> Bools:
    """Periods that belong to a run of so many at least (..., H)."""
    count = full.shape[-1]
    out = np.zeros_like(full)
    for first in range(count - periods + 1):
        run = np.all(full[..., first : first + periods], axis=-1, keepdims=True)
        out[..., first : first + periods] |= run
    return out
