"""Rain on drivers: slower, further apart, and fewer through a green; apart from the water that lies on the road.

On urban streets the Highway Capacity Manual multiplies both free-flow speed and saturation flow by
1 / (1 + 0.48 R), R in inches of rain an hour, and by 0.95 on a pavement that is wet while no rain falls. Krauss's queue
discharges one vehicle in tau + (length + gap) / v: with v times f and tau over f it discharges exactly f times as many,
at any speed limit. So drivers get both, and the saturation flow needs no third knob.

Time lost stays what it is in the dry: SUMO counts it against the speed that drivers wish, which here is f times the dry
one. Over a time T with SUMO's loss L that is T - f (T - L) against free flow in the dry, so (1 - f) (T - L) is added.

Sources:
    Highway Capacity Manual, 6th and 7th ed., chapter 29 "Urban Street Facilities: Supplemental", equations 29-25
    (saturation flow), 29-26 (free-flow speed), 29-11 and 29-12 (how long the pavement stays wet), as transcribed in the
    documentation of the open library crosstraffic/transportations-library; the manual itself was not at hand.
    Beside it, measured at signals in Durban: capacity less by 4.3, 9.2 and 11.5 % in light (< 2.5 mm/h), moderate
    (< 10) and heavy rain (doi:10.2174/1874447802014010214); on freeways HCM 2010, exhibit 10-15: 2.0, 7.2 and 14.1 % in
    rain up to 2.5, up to 6.4 and above 6.4 mm/h (FHWA-HOP-13-042, table 33).
    Rain above 16 mm/h acts as 16: the heaviest rain in the data of Hranac et al. 2006 (FHWA-HOP-07-073); a guess beyond
    that. That light rain is no better than a wet road, and the temperature that the road dries at, are guesses too.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.flood import Hyetograph

MM_PER_INCH = 25.4
PER_INCH_H = 0.48
WET_ROAD = 0.95
HEAVIEST_MM_H = 16.0
TRACE_MM_H = 0.254
"""Less than 0.01 inch an hour is no rain (HCM chapter 29: days with precipitation)."""
RUNOFF_H, DRYING_H, DRYING_PER_F = 0.083, 0.888, 0.0070
DRYING_AT_F = 59.0
"""15 degrees Celsius: a guess."""
WORTH_TELLING = 0.005
"""Drivers are told anew when their factor changed by more than this."""


def rain_factor(intensity_mm_h: float, *, wet: bool = False) -> float:
    """What free-flow speed and saturation flow are multiplied by; headways are divided by it.

    Args:
        intensity_mm_h: Rain, mm/h.
        wet: The road is wet from earlier rain.
    """
    if intensity_mm_h < TRACE_MM_H:
        return WET_ROAD if wet else 1.0
    falling = 1.0 / (1.0 + PER_INCH_H * min(intensity_mm_h, HEAVIEST_MM_H) / MM_PER_INCH)
    return min(falling, WET_ROAD)


def wet_after_s() -> float:
    """How long (s) the road stays wet after the rain, by day."""
    return 3600.0 * (RUNOFF_H + DRYING_H * math.exp(-DRYING_PER_F * DRYING_AT_F))


class RainOnDrivers:
    """Tells everybody on the road how to drive in the rain of now.

    Args:
        sumo: libsumo, started.
        rain: Intensity over time, s since the run's start.
        tau_s: Headway in the dry by vehicle type.
    """

    def __init__(self, sumo: Any, rain: Hyetograph, tau_s: Mapping[str, float]) -> None:
        self._sumo, self._rain, self._tau_s = sumo, rain, dict(tau_s)
        self._dry_factor: dict[str, float] = {}
        self._open: dict[str, tuple[float, float, float]] = {}
        self._slower_s: dict[str, float] = {}
        self.factor = 1.0
        self._told: list[tuple[float, float, float]] = []
        self._steps = [
            (float(begin), float(end))
            for begin, end, mm_h in zip(rain.times_s, rain.times_s[1:], rain.intensity_mm_h, strict=False)
            if mm_h >= TRACE_MM_H
        ]

    def factor_at(self, now: float) -> float:
        """The factor of a moment (s since the run's start)."""
        wet = any(begin <= now < end + wet_after_s() for begin, end in self._steps)
        return rain_factor(self._rain.at(now), wet=wet)

    def update(self, now: float) -> None:
        """Take the clock; tell everybody where the rain has changed."""
        factor = self.factor_at(now)
        back_to_dry = factor == 1.0 and self.factor != 1.0
        if abs(factor - self.factor) <= WORTH_TELLING and not back_to_dry and self._told:
            return
        self._told.append((now, self._rain.at(now), factor))
        if factor == self.factor:
            return
        self.factor = factor
        for name, tau in self._tau_s.items():
            self._sumo.vehicletype.setTau(name, tau / factor)
        for vehicle in self._sumo.vehicle.getIDList():
            self._book(vehicle, now)
            self._tell(vehicle)

    def tell_departed(self, now: float) -> None:
        """After each step: those who have just entered drive as the others do."""
        if self.factor != 1.0:
            for vehicle in self._sumo.simulation.getDepartedIDList():
                self._open[vehicle] = (now, 0.0, self.factor)
                self._tell(vehicle)

    def with_dry_loss(
        self, edges: pd.DataFrame, trips: pd.DataFrame, *, interval_s: float, end_s: float
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tables `edges` and `trips` with time lost against free flow in the dry; time at stops counts as driven.

        Args:
            edges: By interval; its factor is the mean over the interval.
            trips: By vehicle; its factors are those of the times that it drove in.
            interval_s: Length of the intervals.
            end_s: Where the run ended.
        """
        moving = (edges["vehicle_s"] - edges["time_loss_s"]).clip(lower=0.0)
        means = {at: self._mean_factor(at, at + interval_s) for at in edges["time_s"].unique()}
        edges = edges.assign(time_loss_s=edges["time_loss_s"] + (1.0 - edges["time_s"].map(means)) * moving)
        until = trips["arrival_s"].fillna(end_s)
        slower = pd.Series(
            [
                self._slower_s.get(v, 0.0) + self._part(*self._open[v], ended, lost) if v in self._open else 0.0
                for v, ended, lost in zip(trips["vehicle_id"], until, trips["time_loss_s"], strict=True)
            ],
            index=trips.index,
            dtype=float,
        )
        return edges, trips.assign(time_loss_s=trips["time_loss_s"] + slower, delay_s=trips["delay_s"] + slower)

    def table(self) -> pd.DataFrame:
        """Table `weather`, one row per change: time_s, rain_mm_h, speed_factor, saturation_factor, headway_factor."""
        told = pd.DataFrame(self._told, columns=["time_s", "rain_mm_h", "speed_factor"])
        return told.assign(saturation_factor=told["speed_factor"], headway_factor=1.0 / told["speed_factor"])

    def _book(self, vehicle: str, now: float) -> None:
        lost = float(self._sumo.vehicle.getTimeLoss(vehicle))
        if vehicle in self._open:
            more = self._part(*self._open[vehicle], now, lost)
            self._slower_s[vehicle] = self._slower_s.get(vehicle, 0.0) + more
        self._open[vehicle] = (now, lost, self.factor)

    @staticmethod
    def _part(since: float, lost_before: float, factor: float, until: float, lost: float) -> float:
        """What rain took in a time of one factor: (1 - f) (T - L)."""
        return (1.0 - factor) * max(0.0, (until - since) - (lost - lost_before))

    def _mean_factor(self, begin: float, end: float) -> float:
        """Mean over a time of what drivers were told."""
        factors, times = [1.0, *(one[2] for one in self._told)], [one[0] for one in self._told]
        cuts = [begin, *(t for t in times if begin < t < end), end]
        parts = [(b - a) * factors[bisect_right(times, a)] for a, b in itertools.pairwise(cuts)]
        return sum(parts) / (end - begin)

    def _tell(self, vehicle: str) -> None:
        here = self._sumo.vehicle
        if vehicle not in self._dry_factor:
            self._dry_factor[vehicle] = float(here.getSpeedFactor(vehicle))
        here.setSpeedFactor(vehicle, self._dry_factor[vehicle] * self.factor)
        kind = here.getTypeID(vehicle)
        if kind not in self._tau_s:  # SUMO gave it a type of its own when its top speed was set
            here.setTau(vehicle, self._tau_s[kind.split("@")[0]] / self.factor)
