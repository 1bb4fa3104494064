"""Where people are on their links, and how fast they walk: read from the clocks of their cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.crowd.city.streets import AREA, CELLS, FIRST, LENGTH, MIN_AREA_M2, Streets
from models.crowd.city.walkers import (
    CELL,
    CLOCK,
    DUE,
    EASE,
    HEADING,
    HERE,
    LINK,
    NEVER,
    PAST,
    RATE,
    SINCE,
    STANDS,
    Walkers,
)  # fmt: skip
from models.crowd.speed import ROWS_PER_DENSITY


@dataclass(frozen=True)
class Whereabouts:
    """People on links, at the start of a step; arrays of shape (people,).

    Attributes:
        who: Their rows.
        link, cell, heading: Where they are.
        left: What is left of the cell (or of the calm link), in ticks.
        piece: The whole of it, in ticks.
        length_m: Length of the link (m).
        along_m: Way from the link's end by which they came (m).
        clock: Reading of the cell's clock.
    """

    who: np.ndarray
    link: np.ndarray
    cell: np.ndarray
    heading: np.ndarray
    left: np.ndarray
    piece: np.ndarray
    length_m: np.ndarray
    along_m: np.ndarray
    clock: np.ndarray


def whereabouts(step: int, who: np.ndarray, streets: Streets, walkers: Walkers) -> Whereabouts:
    """Where the walkers `who` are, all of them on links, at the start of `step`."""
    people, rows = walkers.people[who], walkers.cells
    link, cell, heading = people[:, LINK], people[:, CELL], people[:, HEADING]
    cut = walkers.hot[link] == 1
    number = np.where(cut, streets.links[link, CELLS].astype(np.int64), 1)
    length = streets.links[link, LENGTH].astype(np.float64)
    slow = walkers.slow[who].astype(np.float64)
    piece = np.maximum(1, (length / number * slow + 0.5).astype(np.int64))
    clock = rows[cell, CLOCK] + rows[cell, RATE] * np.maximum(0, step - rows[cell, SINCE].astype(np.int64))
    left = np.where(people[:, PAST] == STANDS, people[:, DUE], people[:, DUE] - clock)
    left = np.clip(left, 0, piece)
    place = cell - streets.links[link, FIRST].astype(np.int64)
    done = np.where(cut, np.where(heading == 1, number - 1 - place, place), 0)
    along = np.clip((done + 1 - left / piece) * length / number, 0.0, length)
    return Whereabouts(who, link, cell, heading, left, piece, length, along, clock)


def speeds_mps(there: Whereabouts, streets: Streets, walkers: Walkers) -> np.ndarray:
    """How fast each of them walks (m/s), 0 who waits."""
    waits = (there.left <= 0) | (walkers.wake[there.who] == NEVER)
    free = walkers.cells[there.cell, RATE] / (walkers.slow[there.who].astype(np.float64) * streets.step_s)
    return np.asarray(np.where(waits, 0.0, free))


def repace_all(streets: Streets, walkers: Walkers) -> None:
    """The pace of every cell in which somebody is, as its density and the water leave it."""
    here = walkers.cells[:, HERE : HERE + 2].sum(axis=1)
    cell = np.flatnonzero(here)
    link = streets.link_of_cell[cell]
    area = streets.links[link, AREA].astype(np.float64)
    area = np.where(walkers.hot[link] == 1, area / streets.links[link, CELLS].astype(np.float64), area)
    row = (here[cell] / np.maximum(area, MIN_AREA_M2) * ROWS_PER_DENSITY).astype(np.int64)
    pace = streets.pace[np.minimum(row, len(streets.pace) - 1)].astype(np.int64)
    walkers.cells[cell, RATE] = pace * walkers.ease[link] // EASE
