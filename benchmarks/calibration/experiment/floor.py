"""What can be reached: other days of the hidden demand itself, its incident, rain, drivers and signals all known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from benchmarks.calibration.experiment.day import Day, read_day
from benchmarks.calibration.experiment.known import QUANTITIES, Known, cut_places
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.skill import Forecast

MEMBERS = 8


@contextmanager
def floor(setting: Setting) -> Iterator[Forecaster]:
    """Days whose vehicles are drawn anew from the true rates: who knows all but the draw cannot say more of later."""
    members = [cut_places(_other_day(setting, number), setting.held) for number in range(1, MEMBERS + 1)]

    def forecast(known: Known) -> Sequence[Forecast]:
        return [_from(known, quantity, [one[quantity].values for one in members]) for quantity in QUANTITIES]

    def _from(known: Known, quantity: str, days: list[np.ndarray]) -> Forecast:
        over = known.today.counts.shape[1]
        places = members[0][quantity].places
        ahead = np.array([day[:, over : over + 12] for day in days])
        return Forecast("floor", quantity, places, known.now_s, known.now_s, known.today.period_s, ahead)

    yield forecast


def _other_day(setting: Setting, number: int) -> Day:
    file = setting.hidden.folder / setting.name / f"floor-{number}.npz"
    if not file.is_file():
        plan = setting.plan
        place = setting.hidden.folder / setting.name / f"floor-{number}"
        closure = setting.hidden.closure(plan)
        run = setting.hidden.drive(plan, closure, place, draw=f" of floor {number}", seed=plan.seed + 1000 * number)
        setting.hidden.measured(run, place, tuple(setting.paths.values())).write(file)
        shutil.rmtree(place)
    return read_day(file)
