"""Forecasters without a simulation: those of `calibration.skill`, by what they may know of the judged places.

Oracles see every judged street and path live and on all days of history: no town has that. The others have the
sensors, and a survey of the judged places on the first days of history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from benchmarks.calibration.experiment.known import QUANTITIES, Known
from benchmarks.calibration.experiment.setting import Forecaster, Setting
from calibration.skill import Forecast
from calibration.skill.baselines import Baseline, HistoricalMean, Past, baselines

LATELY = 6
"""Periods over which today's level at the sensors is taken."""


@contextmanager
def oracles(setting: Setting) -> Iterator[Forecaster]:
    """Persistence, historical mean and their blend, learned on all days of history at the judged places themselves."""
    yield _oracle(
        {quantity: baselines(past, boosting=False) for quantity, past in _pasts(setting, oracle=True).items()}
    )


@contextmanager
def boosting(setting: Setting) -> Iterator[Forecaster]:
    """Gradient boosting that saw what the oracles saw; half a minute of learning."""
    pasts = _pasts(setting, oracle=True)
    yield _oracle({quantity: baselines(past)[-1:] for quantity, past in pasts.items()})


def _oracle(families: dict[str, tuple[Baseline, ...]]) -> Forecaster:
    def forecast(known: Known) -> Sequence[Forecast]:
        assert known.live is not None
        return [
            replace(one.forecast(known.live[quantity].values, known.now_s), source=f"oracle {one.name}")
            for quantity, family in families.items()
            for one in family
        ]

    return forecast


@contextmanager
def survey(setting: Setting) -> Iterator[Forecaster]:
    """The mean of the survey's days, with the errors that it has on each of them when the others foretell it."""
    usual = surveyed(setting)

    def forecast(known: Known) -> Sequence[Forecast]:
        return [usual(quantity, known) for quantity in QUANTITIES]

    yield forecast


@contextmanager
def survey_and_level(setting: Setting) -> Iterator[Forecaster]:
    """The same, its flows times what sensors counted in the last half hour beside what they usually count then."""
    usual = surveyed(setting)

    def forecast(known: Known) -> Sequence[Forecast]:
        level = level_now(known)
        return [
            replace(said, source="survey x level", members=said.members * (level if said.quantity == "flow" else 1.0))
            for said in (usual(quantity, known) for quantity in QUANTITIES)
        ]

    yield forecast


def level_now(known: Known) -> float:
    """Today's counts of the last half hour as a multiple of the usual ones: the median sensor's."""
    over = known.today.counts.shape[1]
    window = slice(max(over - LATELY, 0), over)
    usual = np.nanmedian([day.sensors.counts[:, window].sum(axis=1) for day in known.past], axis=0)
    now = known.today.counts[:, window].sum(axis=1)
    busy = usual >= LATELY
    return float(np.clip(np.median(now[busy] / usual[busy]), 0.3, 3.0)) if busy.any() else 1.0


def surveyed(setting: Setting) -> Callable[[str, Known], Forecast]:
    """What the survey's days make likely of a quantity, whatever happens today."""
    pasts = _pasts(setting, oracle=False)
    learned = {quantity: Baseline("survey mean", HistoricalMean, past, 12) for quantity, past in pasts.items()}

    def forecast(quantity: str, known: Known) -> Forecast:
        nothing = np.full((len(pasts[quantity].places), known.today.counts.shape[1]), np.nan)
        return learned[quantity].forecast(nothing, known.now_s)

    return forecast


def _pasts(setting: Setting, *, oracle: bool) -> dict[str, Past]:
    """The judged places on the days on which they were looked at, by quantity."""
    days = [day.seen for day in setting.known(0.0, oracle=oracle).past if day.seen is not None]
    return {
        quantity: Past(
            quantity, days[0][quantity].places, days[0][quantity].begin_s % 86400.0, days[0][quantity].period_s,
            np.array([day[quantity].values for day in days]),
        )
        for quantity in QUANTITIES
    }  # fmt: skip
