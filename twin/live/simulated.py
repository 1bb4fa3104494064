"""What one cycle of a replayed evening simulated, and how it agrees with what was counted since."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from calibration import DemandCorrection, correct_demand
from calibration.proof import geh

if TYPE_CHECKING:
    from calibration.counting import Counts
    from calibration.skill import Forecast
    from scenarios import Ensemble, Scenario
    from twin.live.fields import LiveFields

WINDOW_S = 1800.0
STEP_S = 300.0


@dataclass(frozen=True)
class Simulated:
    """What one cycle simulated.

    Attributes:
        made_at: The moment it was made for, UTC.
        scenario: What was simulated.
        ensemble: Its members.
        fields: What they say by the minute.
        demand: Factor of the overall demand in it.
        correction: What the counts said of the one before; None until they could be compared.
        misfit: Mean GEH of the one before at the sensors, over the last half hour; NaN until then.
        forecasts: Of streets and water.
        now_s: `made_at` on the clock of forecasts.
    """

    made_at: datetime
    scenario: Scenario
    ensemble: Ensemble
    fields: LiveFields
    demand: float
    correction: DemandCorrection | None
    misfit: float
    forecasts: tuple[Forecast, ...]
    now_s: float

    @property
    def factor(self) -> tuple[float, float, float]:
        """Of the demand: low, middle, high; the middle alone until it was compared with counts."""
        if self.correction is None:
            return self.demand, self.demand, self.demand
        return self.correction.overall.low, self.demand, self.correction.overall.high

    @property
    def members(self) -> int:
        """Runs that count."""
        return self.fields.members


def compared(
    last: Simulated, counts: Counts, origin: datetime, row: Mapping[str, int]
) -> tuple[DemandCorrection | None, float]:
    """What the counts of the last half hour say of a simulation, and its mean GEH at the sensors (NaN: no counts).

    Args:
        last: The simulation of the cycle before, which reaches beyond now.
        counts: All that is known by now.
        origin: Second 0 of their clock; with a zone.
        row: Edge -> its row in the city's layer.
    """
    if not counts.sensors:
        return None, math.nan
    whole = counts.vehicles.shape[1]
    periods = range(max(whole - round(WINDOW_S / counts.period_s), 0), whole)
    step = timedelta(seconds=counts.period_s)
    observed, modelled, off = dict[str, float](), dict[str, float](), list[float]()
    for sensor, edge, course in zip(counts.sensors, counts.edges, counts.vehicles, strict=True):
        known = [at for at in periods if np.isfinite(course[at])]
        begins = [origin + timedelta(seconds=counts.begin_s) + at * step for at in known or periods]
        said = sum(last.fields.counted(row[edge], begin, begin + step) for begin in begins)
        modelled[sensor] = said / last.demand
        if known:
            observed[sensor] = float(course[known].sum())
            hours = len(known) * counts.period_s / 3600.0
            off.append(float(geh(said / hours, observed[sensor] / hours)))
    return correct_demand(observed, modelled), float(np.mean(off)) if off else math.nan
