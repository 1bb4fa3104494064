"""Walkers as Mesa agents: all of them as one, and one when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np

from models.crowd.city.streets import Streets
from models.crowd.city.walkers import LINK, Walkers
from models.crowd.city.whereabouts import whereabouts


class Population(mesa.Agent):
    """The one Mesa agent: everybody, as arrays. See `Walkers`."""

    def __init__(self, model: mesa.Model, walkers: Walkers) -> None:
        super().__init__(model)
        self.walkers = walkers


class Individual(mesa.Agent):
    """One walker as a Mesa agent, made when it is asked for; it reads the arrays, and does not walk by itself.

    Attributes:
        row: Its row in the plans, which are in order of departure.
    """

    def __init__(
        self, model: mesa.Model, walkers: Walkers, streets: Streets, row: int, step: Callable[[], int]
    ) -> None:
        super().__init__(model)
        self.walkers, self.streets, self.row, self._step = walkers, streets, row, step

    @property
    def link(self) -> int:
        """The link that it is on, -1 where it is on none."""
        return int(self.walkers.people[self.row, LINK])

    @property
    def along_m(self) -> float:
        """How far it is along its link, in its own direction (m); 0 when it is on none."""
        if self.link < 0:
            return 0.0
        return float(whereabouts(self._step(), np.array([self.row]), self.streets, self.walkers).along_m[0])

    @property
    def arrive_s(self) -> float:
        """When it arrived (s), NaN before."""
        return float(self.walkers.arrive_s[self.row])
