"""What a forecaster is opened with, and what it is told at each moment of a hidden day."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.calibration.experiment.day import Day
from benchmarks.calibration.experiment.days import DayPlan, hidden
from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.known import Known, PastDay, cut_places, cut_sensors, raining
from benchmarks.calibration.experiment.sensors import Watched, read_watched
from calibration.skill import Forecast

SURVEY_DAYS = 2
"""The judged places were looked at on so many days of history, and never again."""
Forecaster = Callable[[Known], Sequence[Forecast]]
"""Forecasts at the judged streets (flow, speed) and paths (travel_time) from what is known at a moment."""


@dataclass(frozen=True)
class Setting:
    """A hidden day of a town, from which knowledge is handed out.

    Attributes:
        hidden: The town.
        name: Of the hidden day.
        folder: For what a forecaster keeps.
        seed: Of what a forecaster draws.
    """

    hidden: HiddenTown
    name: str
    folder: Path
    seed: int = 1

    @property
    def held(self) -> tuple[str, ...]:
        """Streets that are judged; none has a sensor."""
        return tuple(self.hidden.places["held"])

    @property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """Edges of the paths that are judged."""
        return {name: tuple(path) for name, path in self.hidden.places["paths"].items()}

    @property
    def plan(self) -> DayPlan:
        """How the day was made: only for judging, and for those who openly know more than a town can."""
        return hidden(self.hidden.seed, 1 if self.name == "truth" else int(self.name.split("-")[1]))

    @cached_property
    def truth(self) -> Day:
        """What happens: only for judging."""
        return self.hidden.day(self.name)

    @cached_property
    def _past(self) -> tuple[tuple[str, Watched, Day], ...]:
        names = [f"day-{number:02d}" for number in range(self.hidden.past)]
        return tuple((self._told(name)["kind"], self._said(name), self.hidden.day(name)) for name in names)

    def known(self, after_s: float, *, oracle: bool) -> Known:
        """What is known so long after the begin of the hidden day.

        Args:
            after_s: Seconds after its begin.
            oracle: Whether the judged places are seen live and on all days of history.
        """
        truth, told = self.truth, self._told(self.name)
        now_s = truth.begin_s + after_s
        past = tuple(
            PastDay(kind, said, cut_places(day, self.held) if oracle or number < SURVEY_DAYS else None)
            for number, (kind, said, day) in enumerate(self._past)
        )
        today = cut_sensors(self._said(self.name), now_s)
        rain = raining(today.begin_s, today.period_s, today.counts.shape[1], told["rain_s"])
        return Known(now_s, told["kind"], today, past, cut_places(truth, self.held, now_s) if oracle else None, rain)

    def _told(self, name: str) -> dict[str, Any]:
        return json.loads((self.hidden.folder / name / "known.json").read_text(encoding="utf-8"))

    def _said(self, name: str) -> Watched:
        return read_watched(self.hidden.folder / name / "sensors.npz")


Opened = Callable[[Setting], AbstractContextManager[Forecaster]]
