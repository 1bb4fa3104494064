"""What differs from day to day: how many drive and when, rain, and on a hidden day a closed lane."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from models.streams import stream

PERIOD_S, LENGTH_S = 300.0, 3 * 3600.0
HISTORY = 10
KINDS = ("monday to thursday", "friday")
TOTAL_SD, OD_SD, SHIFT_SD_S = 0.10, 0.25, 480.0
"""Between days of one kind: the total (lognormal), each origin and destination (lognormal), the rush hour's time."""
RAINY = 0.3
"""Share of the days of history with rain; a hidden day always has some."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Lanes that nobody may use for a while; seconds on the simulation's clock."""

    edge: str
    lanes: tuple[int, ...]
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What makes a day what it is; times count from the begin of the day.

    Attributes:
        name: `day-00` ... (history), `truth`, `truth-2` ... (hidden).
        kind: Of KINDS; the calendar is known to everybody.
        seed: Of everything drawn for this day.
        total: Its demand beside its kind's.
        later_s: How much later its rush hour is.
        rain_s: Begin and end of the rain; None on a dry day. Everybody is told of rain that falls, as it falls.
    """

    name: str
    kind: str
    seed: int
    total: float
    later_s: float
    rain_s: tuple[float, float] | None

    def known(self) -> dict[str, object]:
        """What the calendar and the gauge tell."""
        return {name: value for name, value in asdict(self).items() if name in ("name", "kind", "rain_s")}


def history(seed: int, days: int = HISTORY) -> tuple[DayPlan, ...]:
    """Working weeks, from a Monday on."""
    return tuple(_plan(f"day-{at:02d}", KINDS[at % 5 == 4], seed, at, rain=None) for at in range(days))


def hidden(seed: int, number: int) -> DayPlan:
    """A hidden day, from Monday to Thursday; it rains for 40 minutes and dries up before a lane is closed."""
    begin_s = float(stream(seed, f"rain of hidden day {number}").uniform(40, 55)) * 60
    name = "truth" if number == 1 else f"truth-{number}"
    return _plan(name, KINDS[0], seed, 100 + number, rain=(begin_s, begin_s + 2400.0))


def closed_at_s(plan: DayPlan) -> tuple[float, float]:
    """When the lane of a hidden day is closed and opened, from the begin of the day."""
    begin_s = float(stream(plan.seed, "closure").uniform(95, 110)) * 60
    return round(begin_s), round(begin_s) + 2700.0


def profile(plan: DayPlan, early: bool) -> tuple[np.ndarray, np.ndarray]:
    """How many set out at which time: seconds from the begin of the day (K), share of the busiest hour's rate (K).

    Two tides, an early and a late one; Fridays come half an hour earlier.
    """
    at_s = np.arange(0.0, LENGTH_S + 1, 60.0)
    top_s = (4200.0 if early else 6600.0) + plan.later_s - (1800.0 if plan.kind == KINDS[1] else 0.0)
    return at_s, 0.5 + 0.5 * np.exp(-(((at_s - top_s) / 3000.0) ** 2))


def _plan(name: str, kind: str, seed: int, number: int, rain: tuple[float, float] | None) -> DayPlan:
    rng = stream(seed, f"plan of day {number}")
    total, later_s = float(np.exp(rng.normal(0, TOTAL_SD))), float(rng.normal(0, SHIFT_SD_S))
    begin_s, length_s, rainy = rng.uniform(0, 7200), rng.uniform(1800, 5400), rng.random() < RAINY
    if rain is None and rainy:
        rain = (float(begin_s), float(begin_s + length_s))
    return DayPlan(name, kind, 1000 * seed + number, total, later_s, rain)
