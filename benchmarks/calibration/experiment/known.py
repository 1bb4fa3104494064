"""What a forecaster may know at a moment: everything is cut here, and nothing else is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.experiment.day import Day
from benchmarks.calibration.experiment.sensors import Watched
from calibration.skill import Seen

Floats = NDArray[np.float64]
QUANTITIES = ("flow", "speed", "travel_time")


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day of history.

    Attributes:
        kind: Of the calendar.
        sensors: What sensors said.
        seen: Quantity -> what happened at the places that are judged; None where nobody looked.
    """

    kind: str
    sensors: Watched
    seen: dict[str, Seen] | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a moment.

    Attributes:
        now_s: The moment, on the simulation's clock.
        kind: Of today, by the calendar.
        today: What sensors have said today (S, periods that are over).
        past: Days of history, the newest last; `seen` is there on the days of the survey alone, on all for an oracle.
        live: Quantity -> what happened today at the places that are judged, up to now; None for all but oracles.
        rain: Whether it rained in each period that is over (periods): a gauge's word.
    """

    now_s: float
    kind: str
    today: Watched
    past: tuple[PastDay, ...]
    live: dict[str, Seen] | None
    rain: NDArray[np.bool_]


def cut_sensors(watched: Watched, now_s: float) -> Watched:
    """What sensors had said by a moment: whole periods that are over; copies, so that nothing later can be reached."""
    over = periods_over(watched.begin_s, watched.period_s, now_s)
    return replace(watched, counts=watched.counts[:, :over].copy(), speeds_mps=watched.speeds_mps[:, :over].copy())


def cut_places(day: Day, held: tuple[str, ...], now_s: float = np.inf) -> dict[str, Seen]:
    """What happened at streets and on paths by a moment.

    The mean travel time of those who set out in a period is known when the last of them has arrived.
    """
    row = {edge: at for at, edge in enumerate(day.edges)}
    rows = [row[edge] for edge in held]
    over = min(periods_over(day.begin_s, day.period_s, now_s), day.flow.shape[1])
    times = np.where(day.travel_known_s <= now_s, day.travel_time_s, np.nan)
    found = {"flow": (held, day.flow[rows]), "speed": (held, day.speed_mps[rows]), "travel_time": (day.paths, times)}
    return {
        name: Seen(name, places, day.begin_s, day.period_s, values[:, :over].copy())
        for name, (places, values) in found.items()
    }


def periods_over(begin_s: float, period_s: float, now_s: float) -> int:
    """How many periods have ended by now; a great number for the end of time."""
    return 1 << 30 if np.isinf(now_s) else max(int((now_s - begin_s) / period_s + 1e-9), 0)


def raining(begin_s: float, period_s: float, periods: int, rain_s: tuple[float, float] | None) -> NDArray[np.bool_]:
    """In which periods it rains for a part at least."""
    starts = begin_s + period_s * np.arange(periods)
    if rain_s is None:
        return np.zeros(periods, dtype=bool)
    return np.asarray((starts < rain_s[1]) & (starts + period_s > rain_s[0]))
