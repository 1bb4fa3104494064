"""The twin's word on how today differs from its usual day, applied to what the survey saw on the street itself.

A simulation that nobody told how people drive here is wrong in the same way every day: its speeds, its signals. So its
forecast counts as a multiple of its own usual day (mean of a few runs of the usual demand), place by place.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calibration.experiment.baselines import surveyed
from benchmarks.calibration.experiment.day import Day, Floats, read_day
from benchmarks.calibration.experiment.known import QUANTITIES, Known, cut_places
from benchmarks.calibration.experiment.live import SAID, usual_demand
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.flows import departures, simulated, write_departures
from calibration.skill import Forecast

RUNS = 4
SMALL = {"flow": 2.0, "speed": 0.5, "travel_time": 10.0}
"""Added above and below the line: small values say little about ratios."""
FURTHEST = 3.0


Correct = Callable[[Known, Forecast], Forecast | None]
"""What is usual at a place, moved to where the twin sees today; None where the twin said nothing at that moment."""


@contextmanager
def corrected(setting: Setting) -> Iterator[Forecaster]:
    """What `twin` said before, read from its folder; speeds and travel times as multiples of the twin's usual day.

    Its flows stand as they are: its demand was fitted to the survey's counts, and speeds were fitted to nothing.
    """
    correct, survey = correcting(setting), surveyed(setting)

    def forecast(known: Known) -> Sequence[Forecast]:
        found = []
        for quantity in QUANTITIES:
            usual = survey(quantity, known)
            one = said(setting, known, usual) if quantity == "flow" else correct(known, usual)
            found += [] if one is None else [replace(one, source="twin, corrected")]
        return found

    yield forecast


def said(setting: Setting, known: Known, like: Forecast) -> Forecast | None:
    """What the twin simulated at a moment, of the quantity and places of another forecast; None where it said nothing.

    What put its speeds right by what sensors said (`pace`) is taken out: its usual day has none of it.
    """
    file = setting.folder.parent.parent / "twin" / setting.name / SAID.format(known.now_s)
    if not file.is_file():
        return None
    with np.load(file) as kept:
        pace = float(kept["pace"]) if "pace" in kept else 1.0
        raw = {"speed": 1.0 / pace, "travel_time": pace}.get(like.quantity, 1.0)
        return replace(like, source="twin", members=raw * kept[like.quantity])


def correcting(setting: Setting) -> Correct:
    """Open what the twin said on this day and on its usual days."""
    usual = [cut_places(_usual_day(setting, number), setting.held) for number in range(1, RUNS + 1)]

    def correct(known: Known, base: Forecast) -> Forecast | None:
        twin = said(setting, known, base)
        days = [one[base.quantity].values for one in usual]
        return None if twin is None else _scaled(base, twin.members, days, known.today.counts.shape[1])

    return correct


def _scaled(base: Forecast, members: Floats, usual: Sequence[Floats], over: int) -> Forecast:
    """Quantiles of what is usual, moved to their median times the twin's multiple (N, H)."""
    ratio = multiple(members, np.array(usual), over, SMALL[base.quantity])
    middle = np.median(base.members, axis=0)
    moved = np.maximum(middle * ratio + (base.members - middle) * np.sqrt(ratio), 0.0)
    return replace(base, members=moved)


def multiple(said: Floats, usual: Floats, over: int, small: float) -> Floats:
    """Members (M, N, H) as multiples of usual days (D, N, T), what chance alone makes of them taken out.

    Logarithms of the multiples, over three periods each, are drawn to the whole town's as far as the scatter between
    members and between usual days explains how they differ (empirical Bayes: Morris 1983,
    doi:10.1080/01621459.1983.10477920). 1 where one of both is silent.

    Args:
        said: Forecast from period `over` on.
        usual: Whole days.
        over: Periods of the day that are over.
        small: Added to both.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nobody on a street in any run is no mistake
        days = _around(usual)[:, :, over : over + said.shape[2]]
        members = _around(said)[:, :, : days.shape[2]]
        now, then = np.nanmean(members, axis=0) + small, np.nanmean(days, axis=0) + small
        chance = np.nanvar(members, axis=0) / len(said) / now**2 + np.nanvar(days, axis=0) / len(usual) / then**2
        away = np.log(now / then)
        town = np.nanmean(away, axis=0)
        signal = np.maximum(np.nanmean((away - town) ** 2 - chance, axis=0), 0.0)
        believed = town + (away - town) * signal / np.maximum(signal + chance, 1e-12)
    out = np.ones(said.shape[1:])
    out[:, : days.shape[2]] = np.exp(np.where(np.isnan(believed), 0.0, believed))
    return np.asarray(np.clip(out, 1 / FURTHEST, FURTHEST))


def _around(values: Floats) -> Floats:
    """Mean of each period and its neighbours, along the last axis."""
    beside = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(1, 1)], constant_values=np.nan)
    return np.asarray(np.nanmean([beside[..., :-2], values, beside[..., 2:]], axis=0))


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
