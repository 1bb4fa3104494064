"""What a followed town is forecast to count: the twin beside baselines, judged, and served from who was better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.skill import Forecast, Seen, Served, Service
from calibration.skill.baselines import Baseline, Past, baselines, persistence

Floats = NDArray[np.float64]


class TownSkill:
    """The ledger of a followed town: flow and speed at the counted streets.

    Args:
        folder: Of the ledger (`twin skill FOLDER`); what was kept in it before counts on.
        edges: The street of each sensor (S).
        begin_s: Of the counts, on the clock of the case.
        period_s: Of the counts.
        usual: Counts and speeds of earlier days in the hours of today (D, S, T); None: persistence alone.

    Raises:
        BadInput: A file in the folder is no part of a ledger.
    """

    def __init__(
        self, folder: Path, edges: Sequence[str], begin_s: float, period_s: float, usual: tuple[Floats, Floats] | None
    ) -> None:
        self._service = Service(folder)
        self.edges = tuple(dict.fromkeys(edges))
        self._rows = [[at for at, edge in enumerate(edges) if edge == one] for one in self.edges]
        self._begin_s, self._period_s, self._usual = begin_s, period_s, usual
        self._baselines: dict[str, tuple[Baseline, ...]] = {}
        self._ahead: dict[str, int] = {}

    @property
    def gain(self) -> float | None:
        """1 - mean absolute error of what was served over that of persistence; None before anything was scored."""
        return self._service.gain

    def step(self, counts: Counts, speeds_mps: Floats, forecasts: Sequence[Forecast]) -> dict[str, Served]:
        """Judge what is due, and serve what comes next.

        Args:
            counts: All that is known by now.
            speeds_mps: Beside them (S, t).
            forecasts: The cycle's, of all streets; none: only what is due is judged.

        Returns:
            Quantity -> what is served at the counted streets.

        Raises:
            StorageFailed: The ledger cannot be written.
        """
        known = {"flow": self._by_street(counts.vehicles), "speed": self._by_street(speeds_mps)}
        seen = [Seen(name, self.edges, self._begin_s, self._period_s, course) for name, course in known.items()]
        self._service.settle(seen, counts.end_s)
        served = {}
        for whole in forecasts:
            course = known.get(whole.quantity)
            if course is not None and not np.isnan(course).all():
                twin = self._counted(whole)
                served[twin.quantity] = self._service.serve([twin, *self._others(course, twin)])
        return served

    def _by_street(self, values: Floats) -> Floats:
        """Means over a street's sensors (N, t); NaN where none speaks."""
        known = ~np.isnan(values)
        sums = np.array([np.where(known[rows], values[rows], 0.0).sum(axis=0) for rows in self._rows])
        count = np.array([known[rows].sum(axis=0) for rows in self._rows])
        return np.asarray(np.where(count > 0, sums / np.maximum(count, 1), np.nan), dtype=np.float64)

    def _counted(self, whole: Forecast) -> Forecast:
        row = {place: at for at, place in enumerate(whole.places)}
        members = whole.members[:, [row[edge] for edge in self.edges]]
        return Forecast("twin", whole.quantity, self.edges, whole.made_s, whole.begin_s, whole.period_s, members)

    def _others(self, course: Floats, twin: Forecast) -> list[Forecast]:
        quantity = twin.quantity
        if self._usual is None:
            today = Past(quantity, self.edges, self._begin_s, self._period_s, course[None])
            return [persistence(today, course, twin)]
        ahead = twin.members.shape[2]
        if quantity not in self._baselines or self._ahead.get(quantity, 0) < ahead:
            self._ahead[quantity] = ahead
            days = np.array([self._by_street(day) for day in self._usual[("flow", "speed").index(quantity)]])
            past = Past(quantity, self.edges, self._begin_s, self._period_s, days)
            self._baselines[quantity] = baselines(past, periods=ahead, boosting=False)
        said = [one.forecast(course, twin.made_s) for one in self._baselines[quantity]]
        return [replace(one, members=one.members[..., :ahead]) for one in said]
