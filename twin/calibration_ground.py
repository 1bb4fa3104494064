"""Where a demand is calibrated: a city or a SUMO case, and the hours that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.counting.usual_day import DAY_S, folded, usual_day
from networks.errors import BadInput

if TYPE_CHECKING:
    from calibration.counting import Counts, ReadCounts
    from models.sumo import SumoCase

AHEAD_S = 900.0
"""Time in which a city's streets fill before the first count, where nobody says otherwise (guess)."""


@dataclass(frozen=True)
class Ground:
    """Where it happens.

    Attributes:
        title: Its name.
        net_file: Its network.
        additional: Additional files of the case.
        own: Route files of the case's own demand; empty where there is none.
        keep: Route files of vehicles that stay (buses).
        begin_s, end_s: Window of the case; None where it has none.
        city: Its folder, where it is a city.
    """

    title: str
    net_file: Path
    additional: tuple[Path, ...] = ()
    own: tuple[Path, ...] = ()
    keep: tuple[Path, ...] = ()
    begin_s: float | None = None
    end_s: float | None = None
    city: Path | None = None


def ground_of(city: Path | None, case: SumoCase | None, keep: tuple[Path, ...]) -> Ground:
    """The ground of a city folder or of a SUMO case.

    Raises:
        BadInput: A file of --keep is missing.
    """
    from networks.city import NET_FILE, City

    kept = tuple(file.absolute() for file in keep)
    for file in kept:
        if not file.is_file():
            raise BadInput("there is no such file", file=file, place="--keep", remedy="correct the path")
    if case is not None:
        own = tuple(file for file in case.routes if file not in kept)
        return Ground(case.name, case.net, case.additionals, own, kept, case.begin_s, case.end_s)
    assert city is not None
    return Ground(City.open(city).name, (city / NET_FILE).absolute(), keep=kept, city=city)


@dataclass(frozen=True)
class Watched:
    """What was counted in the window.

    Attributes:
        counts: Vehicles by sensor and period (S, T); of several days, their mean on the first day's clock.
        speeds_mps: Mean speed at each sensor, weighed by its vehicles (S), NaN where none; None where nobody measured.
        by_day: What each of several days counted (D, S, T); None of one day.
    """

    counts: Counts
    speeds_mps: np.ndarray | None
    by_day: np.ndarray | None = None


def watched_of(read: ReadCounts, ground: Ground, window: tuple[float, float] | None, days: str = "all") -> Watched:
    """The counts of the window, of several days their usual one.

    Args:
        read: What files held.
        ground: Where.
        window: First and last second of the day; None: the case's own hours, or all.
        days: Of DAYS.

    Raises:
        BadInput: Nothing was counted then, or no such day.
    """
    usual = usual_day(read.counts, _wanted(read, days))
    if usual is None:
        if days != "all" and read.counts.end_s - read.counts.begin_s > DAY_S:
            raise BadInput(f"none of the counted days is among the {days}", place="--days", remedy="leave it out")
        counts = window_of(read.counts, ground, window)
        return Watched(counts, _mean_speed(read, counts, read.counts.vehicles[None], read.speeds_mps[None]))
    counts = window_of(usual.counts, ground, window)
    rows = [usual.counts.sensors.index(name) for name in counts.sensors]
    speeds, numbers = folded(read.speeds_mps, read.counts.begin_s, read.counts.period_s)
    found = _mean_speed(read, counts, usual.by_day, speeds) if numbers == usual.days else None
    return Watched(counts, found, usual.span(counts.begin_s, counts.end_s)[:, rows])


DAYS = ("all", "workdays", "weekends")


def _wanted(read: ReadCounts, days: str) -> Callable[[int], bool]:
    if days == "all":
        return lambda _day: True
    if read.begin is None:
        raise BadInput("the counts name no day", place="--days", expected="dates in the counts, or --begin")
    first = read.begin.date()
    return lambda day: ((first + timedelta(days=day)).weekday() < 5) == (days == "workdays")


def _mean_speed(read: ReadCounts, counts: Counts, vehicles: np.ndarray, speeds: np.ndarray) -> np.ndarray | None:
    """Mean speed over the window, weighed by vehicles; both by day, sensor and period from the same begin."""
    whole = read.counts
    first_s = whole.begin_s if len(vehicles) == 1 and vehicles.shape[2] == whole.vehicles.shape[1] else 0.0
    first = round((counts.begin_s - first_s) / counts.period_s)
    span = slice(first, first + counts.vehicles.shape[1])
    rows = [whole.sensors.index(name) for name in counts.sensors]
    told, weights = speeds[:, rows, span], np.nan_to_num(vehicles[:, rows, span])
    weights = np.where(np.isfinite(told), weights, 0.0)
    if not weights.any():
        return None
    total = weights.sum(axis=(0, 2))
    mean = (np.nan_to_num(told) * weights).sum(axis=(0, 2)) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def ahead_of(ground: Ground, counts: Counts, ahead_min: float | None) -> float:
    """Seconds in which the streets fill before the first count: as asked, else none in a case, which begins empty.

    In whole periods, and no more than there are since second 0.
    """
    usual_s = AHEAD_S if ground.city is not None else 0.0
    asked = np.ceil((usual_s if ahead_min is None else 60.0 * ahead_min) / counts.period_s - 1e-9)
    return float(min(asked, np.floor(counts.begin_s / counts.period_s + 1e-9)) * counts.period_s)


def window_of(counts: Counts, ground: Ground, window: tuple[float, float] | None) -> Counts:
    """The counts within what was asked for and within the case's own hours, without sensors that were silent then.

    Raises:
        BadInput: Nothing was counted then.
    """
    from calibration.proof import chosen, cut

    begin_s, end_s = window or (ground.begin_s, ground.end_s)
    first = counts.begin_s if begin_s is None else max(begin_s, counts.begin_s)
    last = counts.end_s if end_s is None else min(end_s, counts.end_s)
    found = cut(counts, first, last)
    if found is None or not np.isfinite(found.vehicles).any():
        raise BadInput(
            f"nothing was counted from {_clock(begin_s, counts.begin_s)} to {_clock(end_s, counts.end_s)}",
            expected=f"a window within the counts' {_clock(counts.begin_s, 0)} to {_clock(counts.end_s, 0)}",
            remedy="give --window, or --begin where second 0 is not midnight",
        )
    heard = np.flatnonzero(np.isfinite(found.vehicles).any(axis=1)).tolist()
    return chosen(found, tuple(found.sensors[row] for row in heard))


def _clock(seconds: float | None, other: float) -> str:
    told = round(other if seconds is None else seconds)
    return f"{told // 3600}:{told // 60 % 60:02d}"
