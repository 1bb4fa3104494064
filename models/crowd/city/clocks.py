"""The clock of a cell, its credit to take people in, and its places: brought up to date when they are needed."""

from __future__ import annotations

import numpy as np

from models.crowd.city.compiling import CALLED, INLINE
from models.crowd.city.streets import AREA, CALM_PMS, CAPACITY, CELLS, MIN_AREA_M2, PERSON, Streets  # fmt: skip
from models.crowd.city.walkers import (
    CALM,
    CALM_STEPS,
    CLOCK,
    CREDIT,
    EASE,
    HERE,
    RATE,
    ROOM,
    SINCE,
    TO_HEAT,
    WAS,
    Walkers,
)  # fmt: skip
from models.crowd.speed import ROWS_PER_DENSITY

EDGING = 10
"""One in so many of those who come the other way in a jam lets somebody past; an assumption."""


@INLINE
def area_of(streets: Streets, hot: np.ndarray, link: int) -> float:
    area = np.float64(streets.links[link, AREA])
    if hot[link] == 1:
        area /= streets.links[link, CELLS]
    return max(area, MIN_AREA_M2)


@INLINE
def _supply(supply: np.ndarray, full: int, row: int, same: int, other: int) -> int:
    """Credit that a cell gets in a step for one heading."""
    if same + other == 0:
        return full
    share = supply[min(row, supply.size - 1)]
    if share == PERSON:
        return full
    return full * share // PERSON * (EDGING * same + other) // (EDGING * (same + other))


@CALLED
def _refresh(
    passed: int, cell: int, link: int, area: float, jam_pm2: float, full: int, supply: np.ndarray, cells: np.ndarray,
    crowded: np.ndarray, thresholds: np.ndarray,
) -> None:  # fmt: skip
    here = cells[cell, HERE] + cells[cell, HERE + 1]
    density = here / area
    row = int(density * ROWS_PER_DENSITY)
    cells[cell, CLOCK] += cells[cell, RATE] * passed
    cells[cell, WAS] = cells[cell, RATE]
    cells[cell, SINCE] += passed
    cells[cell, ROOM] = int(np.ceil(area * jam_pm2)) - here
    calm = int(full * CALM_PMS)
    for heading in range(2):
        same = cells[cell, HERE + heading]
        rate = _supply(supply, full, row, same, here - same)
        cells[cell, CREDIT + heading] = min(cells[cell, CREDIT + heading] + rate * passed, rate + PERSON)
        cells[cell, CALM + heading] = min(cells[cell, CALM + heading] + calm * passed, calm * CALM_STEPS + 2 * PERSON)
    for level in range(thresholds.size):
        if density > thresholds[level]:
            crowded[link, level] += here * passed


@INLINE
def bring(n: int, cell: int, link: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    """Bring a cell to the end of step n: its clock, its credit, its places; before anybody enters or leaves."""
    passed = n + 1 - walkers.cells[cell, SINCE]
    if passed <= 0:
        return
    area, full = area_of(streets, walkers.hot, link), int(streets.links[link, CAPACITY])
    here = walkers.cells[cell, HERE] + walkers.cells[cell, HERE + 1]
    density = here / area
    row = min(int(density * ROWS_PER_DENSITY), streets.supply.size - 1)
    if streets.supply[row] == PERSON and density <= thresholds[0]:
        _refresh_calm(passed, cell, here, area * streets.jam_pm2, full, walkers.cells)
    else:
        _refresh(
            passed, cell, link, area, streets.jam_pm2, full, streets.supply, walkers.cells, walkers.crowded, thresholds
        )


@INLINE
def _refresh_calm(passed: int, cell: int, here: int, holds: float, full: int, cells: np.ndarray) -> None:
    """What `_refresh` comes to in a cell that takes in all that its width lets through, below all thresholds."""
    cells[cell, CLOCK] += cells[cell, RATE] * passed
    cells[cell, WAS] = cells[cell, RATE]
    cells[cell, SINCE] += passed
    cells[cell, ROOM] = int(np.ceil(holds)) - here
    calm = int(full * CALM_PMS)
    for heading in range(2):
        cells[cell, CREDIT + heading] = min(cells[cell, CREDIT + heading] + full * passed, full + PERSON)
        cells[cell, CALM + heading] = min(cells[cell, CALM + heading] + calm * passed, calm * CALM_STEPS + 2 * PERSON)


@INLINE
def repace(cell: int, link: int, streets: Streets, walkers: Walkers) -> None:
    cells = walkers.cells
    here = cells[cell, HERE] + cells[cell, HERE + 1]
    row = int(here / area_of(streets, walkers.hot, link) * ROWS_PER_DENSITY)
    cells[cell, RATE] = streets.pace[min(row, streets.pace.size - 1)] * walkers.ease[link] // EASE


@INLINE
def ask_to_cut(link: int, streets: Streets, walkers: Walkers) -> None:
    if walkers.hot[link] == 0 and streets.links[link, CELLS] > 1:
        walkers.hot[link] = 2
        walkers.total[TO_HEAT] += 1
