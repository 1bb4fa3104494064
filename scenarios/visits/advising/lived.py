"""`Lived`: one simulated day as it is sent back from a worker."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scenarios.visits.advising.case import Case
from scenarios.visits.advising.outcome import DENSE_PM2, DayOutcome, outcome_of

if TYPE_CHECKING:
    from models.crowd.city import CityDay
    from models.crowd.city.controls import Controls


@dataclass(frozen=True)
class Lived:
    """A day that is over.

    Attributes:
        outcome: Its figures.
        dense_min: Person-minutes above 3.5 persons/m2 by link, float32, shape (links,).
        by_hour: The same over all links, by hour.
        cpu_s: Processor time.
    """

    outcome: DayOutcome
    dense_min: np.ndarray
    by_hour: tuple[float, ...]
    cpu_s: float


def live_one(job: tuple[Case, int, Controls]) -> Lived:
    """One (case, seed, measures); what an executor calls."""
    return live_with_model(*job)[0]


def live_with_model(case: Case, seed: int, controls: Controls) -> tuple[Lived, CityDay]:
    """The same, and the model at its end."""
    began = time.process_time()
    model = case.day(seed, controls)
    so_far = [0.0]
    case.live(model, lambda _now: so_far.append(float(model.person_seconds_above(DENSE_PM2).sum()) / 60.0))
    dense = (model.person_seconds_above(DENSE_PM2) / 60.0).astype(np.float32)
    hours = tuple(np.diff(so_far).tolist())
    return Lived(outcome_of(model), dense, hours, time.process_time() - began), model
