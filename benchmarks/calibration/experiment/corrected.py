"""The twin's word on how today differs from its usual day, applied to what the survey saw on the street itself.

A simulation that nobody told how people drive here is wrong in the same way every day: its speeds, its signals. So its
forecast counts as a multiple of its own usual day (mean of a few runs of the usual demand), place by place.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calibration.experiment.baselines import surveyed
from benchmarks.calibration.experiment.day import Day, read_day
from benchmarks.calibration.experiment.known import QUANTITIES, Known, cut_places
from benchmarks.calibration.experiment.live import SAID, usual_demand
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.flows import departures, simulated, write_departures
from calibration.skill import Forecast

RUNS = 4
SMALL = {"flow": 2.0, "speed": 0.5, "travel_time": 10.0}
"""Added above and below the line: small values say little about ratios."""
FURTHEST = 3.0


@contextmanager
def corrected(setting: Setting) -> Iterator[Forecaster]:
    """What `twin` said before, read from its folder, as a multiple of the twin's usual day, times the survey's mean."""
    usual = [cut_places(_usual_day(setting, number), setting.held) for number in range(1, RUNS + 1)]
    survey = surveyed(setting)

    def forecast(known: Known) -> Sequence[Forecast]:
        file = setting.folder.parent.parent / "twin" / setting.name / SAID.format(known.now_s)
        if not file.is_file():
            return []
        over = known.today.counts.shape[1]
        with np.load(file) as said:
            return [
                _scaled(survey(quantity, known), said[quantity], [one[quantity].values for one in usual], over)
                for quantity in QUANTITIES
            ]

    yield forecast


def _scaled(survey: Forecast, said: np.ndarray, usual: Sequence[np.ndarray], over: int) -> Forecast:
    """The survey's quantiles, moved to its median times the twin's multiple (N, H)."""
    ratio = multiple(said, np.array(usual), over, SMALL[survey.quantity])
    middle = np.median(survey.members, axis=0)
    members = np.maximum(middle * ratio + (survey.members - middle) * np.sqrt(ratio), 0.0)
    return replace(survey, source="twin x survey", members=members)


def multiple(said: np.ndarray, usual: np.ndarray, over: int, small: float) -> np.ndarray:
    """Mean of members (M, N, H) beside the mean of usual days (D, N, T) around each period, 1 where one is silent.

    Args:
        said: Forecast from period `over` on.
        usual: Whole days.
        over: Periods of the day that are over.
        small: Added to both.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nobody on a street in any run is no mistake
        level = np.nanmean(usual, axis=0)
        wide = np.nanmean([np.roll(level, by, axis=1) for by in (-1, 0, 1)], axis=0)
        wide[:, [0, -1]] = level[:, [0, -1]]
        ahead = np.full(said.shape[1:], np.nan)
        there = min(said.shape[2], wide.shape[1] - over)
        ahead[:, :there] = wide[:, over : over + there]
        ratio = (np.nanmean(said, axis=0) + small) / (ahead + small)
    return np.asarray(np.clip(np.where(np.isnan(ratio), 1.0, ratio), 1 / FURTHEST, FURTHEST))


def _usual_day(setting: Setting, number: int) -> Day:
    """One run of the twin's usual demand on the twin's street."""
    place: Path = setting.hidden.folder / "twin" / f"usual-{number}"
    if not (place / "day.npz").is_file():
        case, usual = usual_demand(setting)
        place.mkdir(parents=True, exist_ok=True)
        leaving = departures(usual.paths, usual.flows, begin_s=usual.begin_s, period_s=usual.period_s, seed=number)
        cars = write_departures(place / "cars.rou.xml", usual.paths, leaving, vehicle_type=usual.vehicle_type)
        outputs = {"vehroute-output": "vehroutes.xml", "vehroute-output.exit-times": "true"}
        run = simulated(
            case.net, (cars, *case.routes), additional=case.additionals, begin_s=case.begin_s,
            end_s=case.begin_s + setting.hidden.length_s, period_s=usual.period_s, seed=number,
            options={**case.options, **outputs}, folder=place.absolute(),
        )  # fmt: skip
        setting.hidden.measured(run, place, tuple(setting.paths.values())).write(place / "day.npz")
    return read_day(place / "day.npz")
