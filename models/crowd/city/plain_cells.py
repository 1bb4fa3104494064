"""The cells of `reference.py`: every clock, credit and place in every step, NumPy over all of them."""

from __future__ import annotations

import numpy as np

from models.crowd.city.clocks import EDGING
from models.crowd.city.streets import AREA, CALM_PMS, CAPACITY, CELLS, MIN_AREA_M2, PERSON, TICKS, Streets
from models.crowd.city.walkers import CALM_STEPS, EASE, IDLE, Walkers
from models.crowd.speed import ROWS_PER_DENSITY


class PlainCells:
    """What `Walkers.cells` and `Walkers.ends` hold, brought up to date in each step.

    Attributes:
        here: People in each cell by heading, shape (cells, 2).
        crowded: Person-steps above each threshold, shape (links, thresholds).
        hot: Links that are cut into cells.
    """

    def __init__(self, start: Walkers, streets: Streets, thresholds: np.ndarray) -> None:
        cells, links = len(streets.link_of_cell), len(streets.links)
        self.streets, self.thresholds = streets, thresholds
        self.here, self.credit, self.calm = (np.zeros((cells, 2), dtype=int) for _ in range(3))
        self.clock, self.rate, self.was = np.zeros(cells, dtype=int), np.full(cells, TICKS), np.full(cells, TICKS)
        self.room, self.entered = np.zeros(cells, dtype=int), np.zeros(cells, dtype=int)
        self.gate = np.full(2 * links, PERSON)
        self.crowded = np.zeros((links, len(thresholds)), dtype=int)
        self.hot, self.asked = np.zeros(links, dtype=bool), np.zeros(links, dtype=bool)
        self.closed, self.held, self.doors, self.ease = start.closed, start.held, start.doors, start.ease
        self._area = self._areas()
        self._credit_start()

    def wade(self, ease: np.ndarray) -> None:
        """Set `Walkers.ease`, and the pace of the cells in which somebody is."""
        self.ease[:] = ease
        for cell in np.flatnonzero(self.here.any(axis=1)).tolist():
            self._repace(cell)

    def _areas(self) -> np.ndarray:
        """(cells,) area over which each cell's density is measured (m2)."""
        link = self.streets.link_of_cell
        whole = self.streets.links[:, AREA].astype(float)
        area = np.where(self.hot, whole / self.streets.links[:, CELLS].astype(float), whole)
        return np.asarray(np.maximum(area, MIN_AREA_M2)[link])

    def _full(self) -> np.ndarray:
        return np.asarray(self.streets.links[:, CAPACITY].astype(np.int64)[self.streets.link_of_cell])

    def _credit_start(self) -> None:
        full = self._full()[:, None]
        calm = (full * CALM_PMS).astype(np.int64)
        self.credit[:] = full + PERSON
        self.calm[:] = np.minimum(calm * IDLE, calm * CALM_STEPS + 2 * PERSON)

    def _begin(self) -> None:
        """Clocks, credits and places of a step, from the people that are there at its start."""
        area, full, here = self._area, self._full(), self.here.sum(axis=1)
        density = here / area
        row = np.minimum((density * ROWS_PER_DENSITY).astype(int), len(self.streets.supply) - 1)
        self.clock += self.rate
        self.was = self.rate.copy()
        self.room = np.ceil(area * self.streets.jam_pm2).astype(int) - here
        share = self.streets.supply[row].astype(int)
        for heading in range(2):
            same = self.here[:, heading]
            part = full * share // PERSON * (EDGING * same + here - same) // np.maximum(EDGING * here, 1)
            rate = np.where((share == PERSON) | (here == 0), full, part)
            self.credit[:, heading] = np.minimum(self.credit[:, heading] + rate, rate + PERSON)
            calm = (full * CALM_PMS).astype(np.int64)
            self.calm[:, heading] = np.minimum(self.calm[:, heading] + calm, calm * CALM_STEPS + 2 * PERSON)
        ends = np.repeat(self.streets.links[:, CAPACITY].astype(np.int64), 2)
        self.gate = np.minimum(self.gate + ends, ends + PERSON)
        for level, threshold in enumerate(self.thresholds):
            np.add.at(self.crowded[:, level], self.streets.link_of_cell, np.where(density > threshold, here, 0))

    def _repace(self, cell: int) -> None:
        row = int(self.here[cell].sum() / self._area[cell] * ROWS_PER_DENSITY)
        ease = int(self.ease[self.streets.link_of_cell[cell]])
        self.rate[cell] = int(self.streets.pace[min(row, len(self.streets.pace) - 1)]) * ease // EASE

    def _reset(self, cell: int, n: int) -> None:
        self.here[cell] = self.credit[cell] = self.calm[cell] = self.clock[cell] = self.room[cell] = 0
        self.rate[cell] = self.was[cell] = TICKS
        self.entered[cell] = n

    def _make_whole(self, link: int, n: int) -> None:
        """One cell again, empty, its credit full."""
        self.hot[link] = False
        self._area = self._areas()
        self._reset(link, n - IDLE)
        full = int(self.streets.links[link, CAPACITY])
        calm = int(full * CALM_PMS)
        self.credit[link] = full + PERSON
        self.calm[link] = min(calm * IDLE, calm * CALM_STEPS + 2 * PERSON)
