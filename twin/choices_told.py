"""A calibration of choices as its page shows it: counters by the hour, figures before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calibration.choices import Count, Fitted, Ground, Uninformed, Vector, expect_day
from calibration.choices.informed import draws_and_stays, span_of
from calibration.choices.judging import said_by_model
from viz.crowd.choices_page import ChoicesShown, CounterHours, FigureRow

if TYPE_CHECKING:
    from datetime import datetime

    from networks.sentence import Sentence

HOUR_S = 3600.0
TASTES = ("per_min", "crowding", "rain", "mean_visits", "people")


@dataclass(frozen=True)
class Calibrated:
    """What a calibration worked on and found.

    Attributes:
        ground, vector: The day and what was believed before.
        counts, held: All counters, and those that judge.
        part, found: Fitted without those held out, and to all.
        unknown: Sites that no counter informs.
        sites: Names of the sites.
        times: Begins of the periods, by the local clock.
    """

    ground: Ground
    vector: Vector
    counts: Sequence[Count]
    held: Sequence[Count]
    part: Fitted
    found: Fitted
    unknown: Sequence[Uninformed]
    sites: Sequence[str]
    times: Sequence[datetime]


def shown(one: Calibrated, place: str, errors: Mapping[str, float], notes: Sequence[Sentence]) -> ChoicesShown:
    """What the page shows."""
    return ChoicesShown(
        place, f"{one.times[0]:%Y-%m-%d}", list(errors.items()),
        [row.told(one.sites[row.site]) for row in one.unknown], _sites(one), _tastes(one), _counters(one), notes,
    )  # fmt: skip


def _sites(one: Calibrated) -> list[tuple[str, FigureRow, FigureRow]]:
    before, after, drawn = (
        draws_and_stays(figures)
        for figures in (one.vector.figures(np.zeros((1, len(one.vector)))), one.found.figures, one.found.drawn)
    )
    unread = {row.site: row for row in one.unknown}
    rows = []
    for at, name in enumerate(one.sites):
        lost = unread.get(at)
        known = {"draw": not (lost and lost.draw), "stay": not (lost and lost.stay)}
        figures = [
            FigureRow(float(after[key][0, at]), span_of(drawn[key][:, at]), float(before[key][0, at]), known[key])
            for key in ("draw", "stay")
        ]
        rows.append((name, figures[0], figures[1]))
    return rows


def _tastes(one: Calibrated) -> list[tuple[str, FigureRow]]:
    before = one.vector.figures(np.zeros((1, len(one.vector))))
    after, drawn = one.found.figures, one.found.drawn
    return [
        (
            name,
            FigureRow(float(getattr(after, name)[0]), span_of(getattr(drawn, name)), float(getattr(before, name)[0])),
        )
        for name in TASTES
    ]


def _counters(one: Calibrated) -> list[CounterHours]:
    days = [expect_day(one.ground, figures) for figures in
            (one.part.figures, one.vector.figures(np.zeros((1, len(one.vector)))))]  # fmt: skip
    expected, believed = (said_by_model(one.counts, day) for day in days)
    width = max(1, round(HOUR_S / one.ground.period_s))
    hours = [f"{time:%H:%M}" for time in one.times[::width]]
    left_out = {*one.part.faulty, *one.found.faulty}
    return [
        CounterHours(
            count.counter, one.sites[count.site], count.what, count in one.held, count.counter in left_out, hours,
            *(by_hour(series / count.per_person, count.told, width, count.what) for series in
              (count.told, expected[at], believed[at])),
        )
        for at, count in enumerate(one.counts)
    ]  # fmt: skip


def by_hour(series: np.ndarray, told: np.ndarray, width: int, what: str) -> list[float]:
    """Sums of an hour ("inside": means) over the periods that were told; NaN where none was.

    Args:
        series: (periods,) people.
        told: (periods,) what was told; NaN where nothing.
        width: Periods in an hour.
        what: "came", "left" or "inside".
    """
    found = []
    for at in range(0, len(series), width):
        known = ~np.isnan(told[at : at + width])
        total = float(series[at : at + width][known].sum())
        found.append(float("nan") if not known.any() else total / known.sum() if what == "inside" else total)
    return found
