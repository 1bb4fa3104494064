"""Where a demand is calibrated: a city or a SUMO case, and the hours that count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from calibration.counting import Counts
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
